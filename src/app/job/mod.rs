//! Job files for engines that spread work over cores and machines. They are real files, with
//! settings at their beginning that are filled in here.

use std::borrow::Cow;

use crate::app::shell;
use crate::data::recipe::Recipe;

/// What runs a job file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// A Python program for Dask, on one machine or a cluster
    Dask,
    /// A shell script that submits a chain of Slurm jobs
    Slurm,
    /// A shell script for GNU parallel, on one machine or several
    Parallel,
}

/// What a job file is about.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// A pattern of the paths of training samples, each a shard.
    pub shards: &'a str,
    /// A pattern of the paths of test samples.
    pub tests: &'a str,
    /// The folder that everything is written to.
    pub folder: &'a str,
    /// How samples are prepared and compared.
    pub recipe: Recipe,
}

/// The lines around what only a recipe with a centre needs.
const CENTRE: [&str; 2] = ["# begin cl2n", "# end cl2n"];

impl Engine {
    /// The job file, whose lines are those of its model with these settings.
    pub fn job(self, settings: &Settings<'_>) -> String {
        let mut job = String::new();
        let mut is_of_centre = false;
        for line in self.file().lines() {
            if CENTRE.contains(&line.trim()) {
                is_of_centre = line.trim() == CENTRE[0];
            } else if !is_of_centre || settings.recipe.centres() {
                job += &self.filled(line, settings);
                job.push('\n');
            }
        }
        job
    }

    fn file(self) -> &'static str {
        match self {
            Self::Dask => include_str!("dask.py"),
            Self::Slurm => include_str!("slurm.sh"),
            Self::Parallel => include_str!("parallel.sh"),
        }
    }

    /// A line, with the value it is to have where it is a setting's.
    fn filled<'a>(self, line: &'a str, settings: &Settings<'_>) -> Cow<'a, str> {
        let values = [
            ("shards", settings.shards),
            ("tests", settings.tests),
            ("folder", settings.folder),
            ("recipe", settings.recipe.name()),
        ];
        let own = values.into_iter().find_map(|(name, value)| {
            let begins = self.assignment(name);
            line.starts_with(&begins)
                .then(|| begins + &self.quoted(value))
        });
        own.map_or(line.into(), Cow::from)
    }

    /// How a line begins that sets something.
    fn assignment(self, name: &str) -> String {
        match self {
            Self::Dask => format!("{} = ", name.to_uppercase()),
            Self::Slurm | Self::Parallel => format!("{name}="),
        }
    }

    /// A text as it stands in the job file, whatever is in it. A text of JSON is one of
    /// Python as well.
    fn quoted(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Dask => serde_json::Value::from(text).to_string().into(),
            Self::Slurm | Self::Parallel => shell::quoted(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    const ODD: &str = "it's \"$HOME\" \\ \n`x` é/*";

    fn settings(recipe: Recipe) -> Settings<'static> {
        Settings {
            shards: ODD,
            tests: "tests",
            folder: "a b",
            recipe,
        }
    }

    #[test]
    fn each_setting_is_filled_in_once() {
        for engine in Engine::value_variants() {
            let job = engine.job(&settings(Recipe::L2n));
            for name in ["shards", "tests", "folder", "recipe"] {
                let begins = engine.assignment(name);
                let lines = job.lines().filter(|line| line.starts_with(&begins));
                assert_eq!(lines.count(), 1, "{name} of {engine:?}");
            }
            let expected = engine.assignment("shards") + &engine.quoted(ODD) + "\n";
            assert!(job.contains(&expected), "{job}");
        }
    }

    #[test]
    fn the_first_round_is_for_a_centre_alone() {
        for engine in Engine::value_variants() {
            let with = engine.job(&settings(Recipe::Cl2n));
            let without = engine.job(&settings(Recipe::Cosine));
            assert!(with.contains("centre") && !without.contains("centre"));
            assert!(!with.contains(CENTRE[0]) && !with.contains(CENTRE[1]));
        }
    }
}
