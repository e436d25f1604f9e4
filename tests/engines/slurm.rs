//! Jobs by Slurm, on a cluster of one node with a configuration of its own.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use tempfile::TempDir;

use super::shards::{Kind, Shards};
use super::{Daemon, starts, wait_for, whole};
use crate::command_line::succeed;
use crate::support::{Outcome, failed, needs};

/// A node that believes to have more cores than there may be, in a cluster without
/// credentials that starts what it can once a second.
const SETTINGS: &str = "\
ClusterName=test
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
";

/// The two daemons, ended when dropped.
struct Cluster {
    _daemons: [Daemon; 2],
    folder: TempDir,
}

impl Cluster {
    /// A cluster that is ready; none where it cannot be had here.
    fn start() -> Result<Option<Self>, String> {
        let has = |program| starts(program, &["-V"]);
        // Whoever has these has the others as well, which start only with a configuration.
        let missing = ["slurmctld", "slurmd"]
            .into_iter()
            .find(|program| !has(program));
        if let Some(program) = missing {
            return needs("slurm", Err(&format!("there is no {program}")));
        }
        let started = Self::started();
        needs(
            "slurm",
            started.as_ref().map_err(|error| &**error).map(drop),
        )?;
        Ok(started.ok())
    }

    fn started() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(failed)?;
        let named = Command::new("hostname").output().map_err(failed)?;
        let host = String::from_utf8_lossy(&named.stdout).trim().to_owned();
        let mut settings = SETTINGS.to_owned();
        let at = |name: &str| folder.path().join(name).display().to_string();
        // Free ports, both held until both are known.
        let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0"));
        for (name, port) in ["SlurmctldPort", "SlurmdPort"].into_iter().zip(&ports) {
            let port = port
                .as_ref()
                .map_err(failed)?
                .local_addr()
                .map_err(failed)?;
            settings += &format!("{name}={}\n", port.port());
        }
        drop(ports);
        for (name, place) in [
            ("StateSaveLocation", "state"),
            ("SlurmdSpoolDir", "spool"),
            ("SlurmctldPidFile", "slurmctld.pid"),
            ("SlurmdPidFile", "slurmd.pid"),
            ("SlurmctldLogFile", "slurmctld.log"),
            ("SlurmdLogFile", "slurmd.log"),
        ] {
            settings += &format!("{name}={}\n", at(place));
        }
        settings += &format!(
            "SlurmctldHost={host}(127.0.0.1)\n\
             NodeName={host} NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN\n\
             PartitionName=all Nodes={host} Default=YES State=UP\n"
        );
        let file = folder.path().join("slurm.conf");
        fs::write(&file, settings).map_err(failed)?;
        let daemon = |program: &str| {
            let mut command = Command::new(program);
            command.args(["-D", "-f"]).arg(&file).stderr(Stdio::null());
            Daemon::start(command.current_dir(folder.path()))
        };
        let daemons = [daemon("slurmd")?, daemon("slurmctld")?];
        let cluster = Self {
            _daemons: daemons,
            folder,
        };
        wait_for("idle node of Slurm", || {
            let mut asked = Command::new("sinfo");
            let output = cluster
                .knows(asked.args(["-h", "-o", "%T"]))
                .output()
                .ok()?;
            (output.stdout == b"idle\n").then_some(())
        })?;
        Ok(cluster)
    }

    /// A command that speaks with this cluster.
    fn knows<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("SLURM_CONF", self.folder.path().join("slurm.conf"))
    }

    fn run(&self, shards: &Shards, job: &Path) -> Command {
        let mut command = shards.start("bash", job);
        self.knows(&mut command);
        command
    }

    fn comes_to_the_same(&self, kind: Kind, recipe: &str) -> Outcome {
        let shards = Shards::new(kind)?;
        let job = shards.print("slurm", recipe)?;
        let ran = succeed(&mut self.run(&shards, &job))?;
        whole::check(&shards, recipe, &ran.stdout)
    }

    fn fails_with_a_task(&self) -> Outcome {
        let shards = Shards::new(Kind::Vectors)?;
        let job = shards.print("slurm", "cosine")?;
        shards.spoil()?;
        shards.fails(&mut self.run(&shards, &job), "a task failed")?;
        shards.empty("train")?;
        shards.fails(&mut self.run(&shards, &job), "no shards: nothing matches")
    }
}

/// At the same time, since Slurm takes its time.
#[test]
fn comes_to_the_answer_of_one_machine_or_fails() -> Outcome {
    let Some(cluster) = Cluster::start()? else {
        return Ok(());
    };
    thread::scope(|scope| {
        let jobs = [
            scope.spawn(|| cluster.comes_to_the_same(Kind::Images, "euclidean")),
            scope.spawn(|| cluster.comes_to_the_same(Kind::Vectors, "cl2n")),
            scope.spawn(|| cluster.fails_with_a_task()),
        ];
        let ended = jobs.map(|job| job.join().unwrap_or_else(|_| Err("a panic".into())));
        ended.into_iter().collect()
    })
}
