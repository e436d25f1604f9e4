//! The listening socket, and the limit of connections.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::guard::Guard;
use super::routes::Site;
use super::token::Token;
use super::{Answers, Error, connection};

/// How many connections there may be at a time; browsers open six.
const MOST_CONNECTIONS: usize = 32;

/// A server that listens but does not answer yet. Connections made meanwhile
/// wait in the queue of the system.
pub struct Server {
    listener: std::net::TcpListener,
    address: SocketAddr,
    token: Token,
}

impl Server {
    /// Listens on a port of the loopback address; 0 picks a free one.
    ///
    /// # Errors
    /// When the port is taken, or this user may not listen on it.
    pub fn bind(port: u16) -> Result<Self, Error> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let listener = listener.map_err(|source| Error::Port { port, source })?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            token: Token::new()?,
        })
    }

    /// The address of the page, with the key that it needs.
    pub fn address(&self) -> String {
        format!("http://{}/#{}", self.address, self.token)
    }

    /// Serves the page until the process ends.
    ///
    /// # Errors
    /// When the runtime cannot start.
    pub fn serve(self, answers: Arc<dyn Answers>) -> Result<Infallible, Error> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let guard = Guard::new(self.address.port(), self.token);
        let site = Arc::new(Site::new(guard, answers));
        Ok(runtime?.block_on(accept(self.listener, site))?)
    }
}

async fn accept(listener: std::net::TcpListener, site: Arc<Site>) -> std::io::Result<Infallible> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let free = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // The client is gone already, or there are too many open files: wait
            // a moment.
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Answers are written in one piece, so waiting for more (Nagle) gains nothing.
        let _ = stream.set_nodelay(true);
        match Arc::clone(&free).try_acquire_owned() {
            Ok(place) => {
                let attended = connection::attend(stream, Arc::clone(&site));
                tokio::spawn(async move {
                    attended.await;
                    drop(place);
                });
            }
            Err(_) => connection::turn_away(stream),
        }
    }
}
