//! The end of a server that has somebody at the other end.
//!
//! The server is this program again, running [`serves_as_told`] alone.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ncm::internals::app::clean_up_when_interrupted;
use ncm::internals::app::page::Server;

use super::client::{CANVAS, LONG, MadeUp, SLOW, Site};
use crate::support::{Outcome, alone, ensure, failed};

/// Set for a process that is to serve.
const TOLD: &str = "NCM_TEST_DRAW";

const AS_TOLD: &str = "draw::interrupted::serves_as_told";

/// What that process does: it says its address on standard error, since the
/// test harness writes to standard output.
#[test]
#[ignore = "started by another test"]
fn serves_as_told() -> Outcome {
    if std::env::var_os(TOLD).is_none() {
        return Ok(());
    }
    clean_up_when_interrupted();
    let server = Server::bind(0).map_err(failed)?;
    writeln!(std::io::stderr(), "{}", server.address()).map_err(failed)?;
    let never = server.serve(Arc::new(MadeUp)).map_err(failed)?;
    match never {}
}

/// With slow clients of every kind, and work under way.
#[test]
#[cfg_attr(not(unix), ignore = "processes are told to end on Unix alone")]
fn ends_at_once_when_interrupted() -> Outcome {
    let process = alone(&std::env::current_exe().map_err(failed)?, AS_TOLD)
        .env(TOLD, "yes")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut process = Process(process.map_err(failed)?);
    let mut address = String::new();
    let output = process.0.stderr.take().ok_or("no output")?;
    BufReader::new(output)
        .read_line(&mut address)
        .map_err(failed)?;
    let site = Site::at(address.trim())?;
    let mut open = Vec::new();
    for asked in [LONG, SLOW] {
        let ask = site.get(&format!("/api/gallery?from={asked}&count=1"));
        open.push((site.connect()?, ask.bytes()));
    }
    let mut body = site.post("/api/read", vec![0; 100]);
    body = body.set("content-length", CANVAS.to_string());
    open.push((site.connect()?, body.bytes()));
    open.push((site.connect()?, b"GET / HTTP/1.1\r\n".to_vec()));
    open.push((site.connect()?, Vec::new()));
    for (stream, bytes) in &mut open {
        stream.write_all(bytes).map_err(failed)?;
    }
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    let code = process.interrupt()?;
    let time = begun.elapsed();
    ensure(time < Duration::from_secs(1), || {
        format!("it took {time:?}")
    })?;
    ensure(code == Some(130), || format!("exit code {code:?}"))
}

/// A process that does not outlive its test.
struct Process(Child);

impl Process {
    /// As Ctrl-C does; the exit code.
    fn interrupt(&mut self) -> Result<Option<i32>, String> {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        ensure(sent.map_err(failed)?.success(), || "not interrupted".into())?;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if let Some(status) = self.0.try_wait().map_err(failed)? {
                return Ok(status.code());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err("it did not end".into())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Mostly it has ended.
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}
