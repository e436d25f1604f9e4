//! `ncm schema`: what `--json` prints, as a JSON Schema.

use crate::app::report::{Results, schema};
use crate::app::{Error, Result};

const EXAMPLES: &str = "\
Examples:
  ncm schema accuracy
  ncm schema data list";

/// Print the JSON Schema of what --json prints
///
/// Of one command, or of all of them. Every key is described there. Keys are
/// stable: while `schema` is ncm/1, none is renamed or removed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct SchemaArguments {
    /// The command, as `accuracy` or `data list` [default: all that have --json]
    command: Vec<String>,
}

pub(super) fn run(arguments: &SchemaArguments) -> Result<Results> {
    if arguments.command.is_empty() {
        return Ok(Results::Data(schema::all()));
    }
    let name = arguments.command.join(" ");
    schema::one(&name).map(Results::Data).ok_or_else(|| {
        let commands: Vec<_> = schema::commands().collect();
        Error::Usage(format!(
            "no command {name:?} has --json; these have: {}",
            commands.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;

    /// The commands below this one that have `--json`.
    fn with_json(command: &Command, name: &str) -> Vec<String> {
        let named = |below: &Command| format!("{name} {}", below.get_name());
        let has = |below: &Command| {
            below
                .get_arguments()
                .any(|option| option.get_id() == "json")
        };
        let found = command.get_subcommands().flat_map(|below| {
            let name = named(below).trim_start().to_owned();
            let mut names = with_json(below, &name);
            names.extend(has(below).then_some(name));
            names
        });
        found.collect()
    }

    #[test]
    fn every_command_with_json_has_a_schema() {
        let mut expected = with_json(&super::super::Arguments::command(), "");
        let mut found: Vec<_> = schema::commands().map(str::to_owned).collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected);
    }
}
