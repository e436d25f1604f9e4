//! A mirror on this machine, over TLS, that behaves or does not.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::Folder;

/// What a mirror answers to a request for a file that it has.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The file.
    Right,
    /// As much at a time, with a rest before it.
    Slowly(usize, Duration),
    /// A status without the file.
    Status(u16),
    /// A page in place of the file, with status 200.
    WebPage,
    /// The length of the file and half of it.
    CutShort,
    /// The right length, one bit wrong.
    WrongBit,
    /// One byte more than the file, with no length.
    OneMore,
    /// Half of the file, then nothing.
    Stalled,
    /// Bytes without an end, with no length.
    Endless,
    /// The file is elsewhere.
    Redirect(String),
    /// No answer at all.
    HangUp,
}

/// A server that serves until the tests end.
pub struct Mirror {
    pub url: String,
    asked: Arc<Asked>,
}

/// How often each file was asked for.
type Asked = Mutex<BTreeMap<String, usize>>;

impl Mirror {
    /// Serves files by their paths, as `mnist/train-images-idx3-ubyte.gz`.
    pub fn start(files: BTreeMap<String, Vec<u8>>, answer: Answer) -> Result<Self, String> {
        Self::listen("https", move |stream, counted| {
            let connection = ServerConnection::new(Arc::clone(&identity().tls)).ok()?;
            let mut stream = StreamOwned::new(connection, stream);
            serve(&mut stream, &files, &answer, counted)?;
            stream.conn.send_close_notify();
            stream.flush().ok()
        })
    }

    /// The same without TLS, and well behaved.
    pub fn without_tls(files: BTreeMap<String, Vec<u8>>) -> Result<Self, String> {
        Self::listen("http", move |mut stream, counted| {
            serve(&mut stream, &files, &Answer::Right, counted)
        })
    }

    fn listen(
        scheme: &str,
        serve: impl Fn(TcpStream, &Asked) -> Option<()> + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let asked = Arc::<Asked>::default();
        let (serve, counted) = (Arc::new(serve), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (serve, counted) = (Arc::clone(&serve), Arc::clone(&counted));
                // A client that hangs up ends its thread, whatever it was at.
                thread::spawn(move || serve(stream, &counted));
            }
        });
        Ok(Self {
            url: format!("{scheme}://localhost:{}", address.port()),
            asked,
        })
    }

    /// How often each file was asked for.
    pub fn asked(&self) -> BTreeMap<String, usize> {
        self.asked.lock().expect("no test panics here").clone()
    }
}

/// The file of the authority that these mirrors' certificate is from.
pub fn authority() -> PathBuf {
    identity().authority.clone()
}

static IDENTITY: OnceLock<Identity> = OnceLock::new();

struct Identity {
    authority: PathBuf,
    tls: Arc<ServerConfig>,
}

fn identity() -> &'static Identity {
    IDENTITY.get_or_init(|| make_identity().expect("certificates for localhost"))
}

fn make_identity() -> Result<Identity, Box<dyn std::error::Error>> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let leaf = CertificateParams::new(vec!["localhost".to_owned()])?.signed_by(&key, &issuer)?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    remove_old_authorities(folder);
    let authority = folder.join(format!("authority-{}.pem", std::process::id()));
    std::fs::write(&authority, issuer.pem())?;
    let chain = vec![CertificateDer::from(leaf.der().to_vec())];
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(Identity {
        authority,
        tls: Arc::new(tls),
    })
}

/// Those of earlier runs, whose processes could not tell when the last test
/// had ended.
fn remove_old_authorities(folder: &Path) {
    const OLD: Duration = Duration::from_secs(60 * 60);
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name();
        let age = file.metadata().and_then(|file| file.modified());
        let age = age.ok().and_then(|time| time.elapsed().ok());
        let is_authority = name.to_string_lossy().starts_with("authority-");
        if is_authority && age.is_some_and(|age| age > OLD) {
            // Another run may have been faster.
            let _ = std::fs::remove_file(file.path());
        }
    }
}

fn serve(
    stream: &mut (impl Read + Write),
    files: &BTreeMap<String, Vec<u8>>,
    answer: &Answer,
    counted: &Asked,
) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let path = head.strip_prefix("GET /")?.split(' ').next()?.to_owned();
    *counted.lock().ok()?.entry(path.clone()).or_default() += 1;
    match files.get(&path) {
        Some(file) => respond(stream, file, answer, &path),
        None => respond(stream, &[], &Answer::Status(404), &path),
    }
}

fn respond(stream: &mut impl Write, file: &[u8], answer: &Answer, path: &str) -> Option<()> {
    let mut head = |status: &str, length: Option<usize>| {
        let length = length.map_or(String::new(), |length| {
            format!("Content-Length: {length}\r\n")
        });
        let head = format!("HTTP/1.1 {status}\r\n{length}Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).ok()
    };
    let half = &file[..file.len() / 2];
    match answer {
        Answer::Right => {
            head("200 OK", Some(file.len()))?;
            stream.write_all(file).ok()
        }
        Answer::Slowly(bytes, rest) => {
            head("200 OK", Some(file.len()))?;
            for part in file.chunks(*bytes) {
                thread::sleep(*rest);
                stream.write_all(part).ok()?;
                stream.flush().ok()?;
            }
            Some(())
        }
        Answer::Status(status) => head(&format!("{status} No"), Some(0)),
        Answer::WebPage => {
            let page = b"<!DOCTYPE html><html>Please log in</html>";
            head("200 OK", Some(page.len()))?;
            stream.write_all(page).ok()
        }
        Answer::CutShort => {
            head("200 OK", Some(file.len()))?;
            stream.write_all(half).ok()
        }
        Answer::WrongBit => {
            let mut wrong = file.to_vec();
            wrong[file.len() / 3] ^= 4;
            head("200 OK", Some(file.len()))?;
            stream.write_all(&wrong).ok()
        }
        Answer::OneMore => {
            head("200 OK", None)?;
            stream.write_all(file).ok()?;
            stream.write_all(b"!").ok()
        }
        Answer::Stalled => {
            head("200 OK", Some(file.len()))?;
            stream.write_all(half).ok()?;
            stream.flush().ok()?;
            thread::sleep(Duration::from_secs(60));
            None
        }
        Answer::Endless => {
            head("200 OK", None)?;
            loop {
                stream.write_all(&[7; 4096]).ok()?;
            }
        }
        Answer::Redirect(to) => {
            let head =
                format!("HTTP/1.1 302 Found\r\nLocation: {to}/{path}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(head.as_bytes()).ok()
        }
        Answer::HangUp => None,
    }
}

/// The files of [`Folder`], gzipped, as a mirror has them under a dataset's name.
pub fn files_of(folder: &Folder, under: &str) -> BTreeMap<String, Vec<u8>> {
    let gzipped = |name| {
        (
            format!("{under}/{name}.gz"),
            super::gzip(&folder.read(name)),
        )
    };
    Folder::FILES.map(gzipped).into()
}
