//! Where to compute, and what is to be expected there.

use std::time::Duration;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::app;
use crate::app::advice::instead;
use crate::app::drivers::{self, Opening};
use crate::app::report::Progress;
use crate::backends::select::{self, Choice};

impl ValueEnum for Choice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let [name, meaning] = self.described();
        Some(PossibleValue::new(name).help(meaning))
    }
}

/// Where to compute.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct BackendArguments {
    /// Where to compute [default: auto]
    ///
    /// Every backend gives the same answers. `auto` goes on with the CPU where a GPU cannot be
    /// opened, gives a wrong answer to a known question, or fails while it works, and says so. With
    /// `gpu` each of these is an error.
    #[arg(long, value_enum)]
    backend: Option<Choice>,

    /// Adapter to use, by its index in `ncm devices` or part of its name
    #[arg(long, value_name = "INDEX|NAME")]
    adapter: Option<String>,
}

/// What help says of the backend where the CPU is the default.
pub(super) fn on_cpu(backend: clap::Arg) -> clap::Arg {
    backend
        .help("Where to compute [default: cpu]")
        .long_help(clap::builder::Resettable::Reset)
}

/// The backend that was chosen, and its adapter.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) choice: Choice,
    pub(super) adapter: Option<String>,
}

impl Chosen {
    /// Where nothing is computed that a GPU would help with.
    pub(super) const CPU: Self = Self {
        choice: Choice::Cpu,
        adapter: None,
    };

    /// What is to be expected: drivers that have never been opened here are tried
    /// first.
    ///
    /// # Errors
    /// When the drivers are not to be opened, and nothing can stand in for them.
    pub(super) fn prepared(&mut self, progress: &Progress) -> app::Result<Outlook> {
        if !self.choice.takes_adapter() {
            return Ok(Outlook {
                device: false,
                limit: select::TIME_LIMIT,
            });
        }
        let limit = drivers::time_limit()?;
        let opening = Opening::Choice(self.choice, self.adapter.as_deref());
        match drivers::check(opening, limit) {
            Ok(real) => Ok(Outlook {
                device: real || self.choice == Choice::Gpu || self.adapter.is_some(),
                limit,
            }),
            Err(error) if self.choice == Choice::Auto => {
                progress.note(instead(&error));
                *self = Self::CPU;
                Ok(Outlook {
                    device: false,
                    limit,
                })
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What is to be expected of a backend before it is opened.
#[derive(Clone, Copy)]
pub(super) struct Outlook {
    /// Whether a device will do the work, as far as is known.
    pub(super) device: bool,
    /// How long drivers may take to open.
    pub(super) limit: Duration,
}

impl BackendArguments {
    /// These options where they go together; without any it is the default.
    ///
    /// # Errors
    /// When they do not.
    pub(super) fn or(&self, default: Choice) -> app::Result<Chosen> {
        let choice = match (self.backend, &self.adapter) {
            (Some(choice), _) => choice,
            (None, Some(_)) => Choice::Auto,
            (None, None) => default,
        };
        check_adapter(self.adapter.as_deref(), choice.takes_adapter())?;
        Ok(Chosen {
            choice,
            adapter: self.adapter.clone(),
        })
    }

    pub(super) fn as_words(&self) -> Vec<String> {
        let [choice, _] = self
            .backend
            .unwrap_or_default()
            .described()
            .map(String::from);
        let mut words = vec!["--backend".to_owned(), choice];
        if let Some(adapter) = &self.adapter {
            words.extend(["--adapter".to_owned(), adapter.clone()]);
        }
        words
    }
}

/// Checks `--adapter`, where it is given.
///
/// # Errors
/// When it says nothing, or the backend takes none.
pub(super) fn check_adapter(adapter: Option<&str>, takes_adapter: bool) -> app::Result<()> {
    match adapter {
        Some("") => Err(app::Error::Usage(
            "--adapter needs an index or part of a name; see `ncm devices`".into(),
        )),
        Some(_) if !takes_adapter => Err(app::Error::Usage(
            "--adapter needs --backend gpu or auto; leave one of the two out".into(),
        )),
        _ => Ok(()),
    }
}
