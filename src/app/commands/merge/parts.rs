//! Models of parts, added up.

use rayon::prelude::*;

use super::inputs::{Input, apart_from_others};
use crate::app::{Error, Result};
use crate::classifier::model::{ModelFile, Parts, overlaps};
use crate::data::shard::Shard;
use crate::error;

/// All parts as one, without some. The notes tell of what was passed over.
pub(super) fn merged(
    inputs: &[Input],
    without: &[Input],
    notes: &mut Vec<String>,
) -> Result<ModelFile> {
    let mut parts = added(inputs, notes)?;
    for input in without {
        let file = input.part()?;
        if let Some(kinds) = parts.apart_from(&file) {
            return Err(input.apart(kinds));
        }
        let removed = parts.remove(&file);
        removed.map_err(|error| input.refuse(&error.to_string()))?;
        if file.model.preparation().centre().is_some() {
            notes.push("the centre of cl2n still knows the samples that were taken out".into());
        }
    }
    Ok(parts.finish()?)
}

/// All parts added up but those that are in others.
fn added(inputs: &[Input], notes: &mut Vec<String>) -> Result<Parts> {
    let shards = inputs.par_iter().map(Input::shards);
    let shards: Vec<Vec<Shard>> = shards.collect::<Result<_>>()?;
    let own = apart_from_others(inputs, overlaps(&shards), notes)?;
    let mut parts: Option<Parts> = None;
    // A few are read at a time, so that memory does not grow with their number.
    for places in own.chunks(2 * rayon::current_num_threads()) {
        let files = places.par_iter().map(|&place| inputs[place].part());
        let files: Vec<Result<ModelFile>> = files.collect();
        for (&place, file) in places.iter().zip(files) {
            let (input, file) = (&inputs[place], file?);
            if file.shards.as_deref() != Some(&shards[place]) {
                return Err(error::Error::Changed.into());
            }
            let refuse = |error: error::Error| input.refuse(&error.to_string());
            match &mut parts {
                None => parts = Some(Parts::new(file).map_err(refuse)?),
                Some(parts) => {
                    if let Some(kinds) = parts.apart_from(&file) {
                        return Err(input.apart(kinds));
                    }
                    parts.add(&file).map_err(refuse)?;
                }
            }
        }
    }
    // Of equal parts one is not in another.
    parts.ok_or_else(|| Error::Usage("no part was named".into()))
}
