//! Downloads a file from the first mirror whose copy matches the published checksum.

use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::access::Access;
use super::catalog::{Entry, Published};
use crate::data::hexadecimal::hexadecimal;
use crate::data::unfinished::UnfinishedFile;
use crate::error::{Error, MirrorFailure, Result};

/// Progress of a download.
#[derive(Clone, Copy, Debug)]
pub enum Fetching<'a> {
    /// Another process is fetching the same dataset.
    Waiting,
    /// A file is being received.
    Receiving {
        /// The file's name.
        file: &'a str,
        /// Bytes received so far.
        bytes: u64,
        /// Total bytes.
        of: u64,
    },
}

/// Minimum average speed in bytes per second; slower downloads are aborted.
const SLOWEST: u64 = 16 << 10;

/// Size of the receive buffer in bytes.
const AT_ONCE: usize = 64 << 10;

/// Downloads the files of one dataset.
pub(super) struct Download<'a> {
    entry: &'a Entry,
    access: &'a Access,
    agent: Agent,
}

/// Why a download failed: a problem with the mirror, or a local one.
enum Failure {
    Mirror(String),
    Ours(Error),
}

impl<'a> Download<'a> {
    pub(super) fn new(entry: &'a Entry, access: &'a Access) -> Result<Self> {
        let mut tls = TlsConfig::builder();
        if let Some(path) = &access.certificates {
            tls = tls.root_certs(certificates(path)?);
        }
        let agent = Agent::config_builder()
            .https_only(true)
            .tls_config(tls.build())
            .timeout_resolve(Some(access.resolve()))
            .timeout_connect(Some(access.connect()))
            .timeout_recv_response(Some(access.silence))
            .timeout_per_read(Some(access.silence))
            .max_redirects(5)
            .user_agent(concat!("ncm/", env!("CARGO_PKG_VERSION")))
            // No HTTP compression: the published checksum is of the file as stored.
            .accept_encoding("identity")
            .build()
            .new_agent();
        Ok(Self {
            entry,
            access,
            agent,
        })
    }

    /// Downloads the file to a temporary file in `folder` and verifies it.
    pub(super) fn file(
        &self,
        file: &Published,
        folder: &Path,
        watch: &dyn Fn(Fetching<'_>),
    ) -> Result<UnfinishedFile> {
        let mut failures = Vec::new();
        for url in self.urls(file) {
            match self.try_mirror(&url, file, folder, watch) {
                Ok(received) => return Ok(received),
                Err(Failure::Ours(error)) => return Err(error),
                Err(Failure::Mirror(reason)) => failures.push(MirrorFailure { url, reason }),
            }
        }
        Err(Error::Download {
            file: file.name.to_owned(),
            failures,
        })
    }

    fn urls(&self, file: &Published) -> Vec<String> {
        let known = self.entry.mirrors.iter();
        match &self.access.mirrors {
            None => known
                .map(|mirror| format!("{mirror}{}", file.name))
                .collect(),
            Some(mirrors) => mirrors
                .iter()
                .map(|mirror| {
                    let (mirror, under) = (mirror.trim_end_matches('/'), self.entry.cached_under);
                    format!("{mirror}/{under}/{}", file.name)
                })
                .collect(),
        }
    }

    fn try_mirror(
        &self,
        url: &str,
        file: &Published,
        folder: &Path,
        watch: &dyn Fn(Fetching<'_>),
    ) -> std::result::Result<UnfinishedFile, Failure> {
        let longest = self.access.silence + Duration::from_secs(file.bytes / SLOWEST);
        let request = self.agent.get(url).config();
        let request = request.timeout_recv_body(Some(longest)).build();
        let mut response = request
            .call()
            .map_err(|error| Failure::Mirror(error.to_string()))?;
        let body = response.body_mut();
        if let Some(length) = body.content_length()
            && length != file.bytes
        {
            return Err(Failure::Mirror(format!(
                "{length} bytes instead of {}",
                file.bytes
            )));
        }
        let unwritable = |source| Failure::Ours(Error::unwritable(folder)(source));
        let mut received = UnfinishedFile::create(folder, None).map_err(unwritable)?;
        let mut reader = body.as_reader().take(file.bytes + 1);
        let (mut hash, mut bytes) = (Sha256::new(), 0);
        let mut buffer = vec![0; AT_ONCE];
        loop {
            watch(Fetching::Receiving {
                file: file.name,
                bytes,
                of: file.bytes,
            });
            let read = reader
                .read(&mut buffer)
                .map_err(|error| Failure::Mirror(format!("{error} after {bytes} bytes")))?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            received.write_all(&buffer[..read]).map_err(unwritable)?;
            bytes += read as u64;
        }
        let sum = hexadecimal(&hash.finalize());
        match bytes {
            less if less < file.bytes => Err(Failure::Mirror(format!(
                "{less} bytes instead of {}",
                file.bytes
            ))),
            more if more > file.bytes => {
                Err(Failure::Mirror(format!("more than {} bytes", file.bytes)))
            }
            _ if sum != file.sha256 => Err(Failure::Mirror(format!(
                "another file, SHA-256 {sum} instead of {}",
                file.sha256
            ))),
            _ => {
                received.sync().map_err(unwritable)?;
                Ok(received)
            }
        }
    }
}

fn certificates(path: &Path) -> Result<RootCerts> {
    let bad = |found: String| {
        Error::bad_file(
            path,
            found,
            "certificates in PEM form, as $SSL_CERT_FILE names them",
            "name another file or unset SSL_CERT_FILE",
        )
    };
    let pem = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| bad(error.to_string()))? {
            certificates.push(certificate);
        }
    }
    match certificates.is_empty() {
        true => Err(bad("no certificate".into())),
        false => Ok(RootCerts::new_with_certs(&certificates)),
    }
}
