//! Scores, added up.

use super::inputs::{Input, apart_from_others};
use crate::app::{Error, Result};
use crate::classifier::model::overlaps;
use crate::error;
use crate::evaluation::score::{Score, Scores};

/// All scores as one. The notes tell of what was passed over.
pub(super) fn merged(inputs: &[Input], notes: &mut Vec<String>) -> Result<Score> {
    // Counts are few, so all of them are in memory.
    let all = inputs.iter().map(Input::score);
    let all: Vec<Score> = all.collect::<Result<_>>()?;
    let shards: Vec<_> = all.iter().map(|score| score.shards.clone()).collect();
    let own = apart_from_others(inputs, overlaps(&shards), notes)?;
    let mut scores: Option<Scores> = None;
    for place in own {
        let (input, score) = (&inputs[place], &all[place]);
        match &mut scores {
            None => scores = Some(Scores::new(score.clone())),
            Some(scores) => {
                if let Some(kinds) = scores.apart_from(score) {
                    return Err(input.apart(kinds));
                }
                let added = scores.add(score);
                added.map_err(|error: error::Error| input.refuse(&error.to_string()))?;
            }
        }
    }
    let scores = scores.ok_or_else(|| Error::Usage("no score was named".into()))?;
    Ok(scores.finish())
}
