//! Which path leads to which answer.

use std::sync::Arc;

use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, StatusCode, Uri};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use super::Answers;
use super::body::exactly;
use super::files::File;
use super::guard::{Guard, plain_bytes};
use super::query::numbers;
use super::reply::{JSON, Refusal, Reply, reply};
use crate::error;

/// How many images of the gallery are sent at once, at most.
const MOST_IMAGES: usize = 100;

/// Everything that requests share.
pub(super) struct Site {
    guard: Guard,
    answers: Arc<dyn Answers>,
    /// Held while an answer is computed.
    turn: Arc<Mutex<()>>,
}

/// Finds an answer, given the body.
type Work = Box<dyn FnOnce(&dyn Answers, &[u8]) -> error::Result<String> + Send>;

impl Site {
    pub(super) fn new(guard: Guard, answers: Arc<dyn Answers>) -> Self {
        Self {
            guard,
            answers,
            turn: Arc::default(),
        }
    }

    /// The response to any request.
    pub(super) async fn reply(&self, request: Request<Incoming>) -> Reply {
        self.answer(request).await.unwrap_or_else(Reply::from)
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Reply, Refusal> {
        let (head, body) = request.into_parts();
        self.guard.admit(&head)?;
        let route = Route::find(&head.uri)?;
        route.check(&head.method)?;
        let query = head.uri.query();
        match route {
            Route::File(file) => {
                let [] = numbers(query, [])?;
                exactly(body, 0).await?;
                Ok(file.reply())
            }
            Route::Endpoint(endpoint) => {
                let length = match endpoint {
                    Endpoint::Models | Endpoint::Gallery => 0,
                    Endpoint::Read => self.answers.canvas_bytes(),
                    Endpoint::Difference => self.answers.image_bytes(),
                };
                if head.method == Method::POST {
                    plain_bytes(&head.headers)?;
                }
                let work = endpoint.work(query)?;
                let body = exactly(body, length).await?;
                let answer = self.ask(work, body).await?;
                Ok(reply(StatusCode::OK, JSON, answer.into()))
            }
        }
    }

    /// Computes an answer on another thread, so that connections go on. One at a
    /// time: a request whose connection ended while it waited is not computed.
    async fn ask(&self, work: Work, body: Bytes) -> Result<String, Refusal> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let answers = Arc::clone(&self.answers);
        let work = spawn_blocking(move || {
            let _turn = turn;
            work(&*answers, &body)
        });
        let panicked = |_| {
            let why = "the answer could not be worked out; this is a fault in ncm";
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, why)
        };
        Ok(work.await.map_err(panicked)??)
    }
}

/// An address.
#[derive(Clone, Copy)]
enum Route {
    File(&'static File),
    Endpoint(Endpoint),
}

impl Route {
    /// The route of exactly this path, not decoded.
    fn find(uri: &Uri) -> Result<Self, Refusal> {
        let endpoint = match uri.path() {
            "/api/models" => Some(Endpoint::Models),
            "/api/read" => Some(Endpoint::Read),
            "/api/difference" => Some(Endpoint::Difference),
            "/api/gallery" => Some(Endpoint::Gallery),
            _ => None,
        };
        let file = || File::find(uri.path()).map(Self::File);
        let route = endpoint.map(Self::Endpoint).or_else(file);
        // The absolute form of an address is for proxies.
        let route = route.filter(|_| uri.authority().is_none());
        route.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "nothing is under this address"))
    }

    fn check(self, method: &Method) -> Result<(), Refusal> {
        let allowed = match self {
            Self::File(_) => "GET, HEAD",
            Self::Endpoint(Endpoint::Models | Endpoint::Gallery) => "GET",
            Self::Endpoint(Endpoint::Read | Endpoint::Difference) => "POST",
        };
        if allowed.split(", ").any(|it| it == method.as_str()) {
            return Ok(());
        }
        Err(Refusal::method(allowed))
    }
}

/// What [`Answers`] answers.
#[derive(Clone, Copy)]
enum Endpoint {
    Models,
    Read,
    Difference,
    Gallery,
}

impl Endpoint {
    /// What finds the answer, with the numbers of the query.
    fn work(self, query: Option<&str>) -> Result<Work, Refusal> {
        Ok(match self {
            Self::Models => {
                let [] = numbers(query, [])?;
                Box::new(|answers, _| Ok(answers.models()))
            }
            Self::Read => {
                let [] = numbers(query, [])?;
                Box::new(|answers, canvas| answers.read(canvas))
            }
            Self::Difference => {
                let [model, a, b] = numbers(query, ["model", "a", "b"])?;
                Box::new(move |answers, image| answers.difference(model, a, b, image))
            }
            Self::Gallery => {
                let [from, count] = numbers(query, ["from", "count"])?;
                if !(1..=MOST_IMAGES).contains(&count) {
                    return Err(Refusal::bad(format!("count must be 1 to {MOST_IMAGES}")));
                }
                Box::new(move |answers, _| answers.gallery(from, count))
            }
        })
    }
}
