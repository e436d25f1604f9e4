//! `ncm predict FILE.npy`: the nearest class of each feature vector of a file.

use std::path::Path;

use super::predict::PredictArguments;
use crate::app::report::Results;
use crate::app::report::vectors::Vectors;
use crate::app::{Error, Result};
use crate::classifier::model::Question;
use crate::classifier::reported::Reported;
use crate::classifier::settle::nearest_of_all;
use crate::data::feature_files::{ArrayAt, is_arrays_by_name, open_features};
use crate::data::{Features, Split};

/// Samples at a time.
const BATCH: usize = 16_384;

/// The file of feature vectors among those that were named, if there is one.
pub(super) fn named(arguments: &PredictArguments) -> Result<Option<ArrayAt>> {
    let arrays = arguments.files.iter().map(|file| ArrayAt::named(file));
    let mut arrays = arrays.filter(|at| is_arrays_by_name(&at.path));
    let first = arrays.next();
    match first {
        Some(_) if arguments.files.len() > 1 => Err(Error::Usage(
            "a file of feature vectors is read alone; name one file".into(),
        )),
        Some(_) if arguments.explain => Err(Error::Usage(
            "--explain is about pictures; a file of feature vectors has none".into(),
        )),
        first => Ok(first),
    }
}

pub(super) fn run(arguments: &PredictArguments, at: &ArrayAt) -> Result<Results> {
    let (mut session, model) = arguments.ready()?;
    let vectors = open_features(&at.path, at.array.as_deref())?;
    session.progress.stage("finding the nearest means");
    let question = Question::plain(&model.model);
    let preparation = model.model.preparation();
    let mut reported = Vec::with_capacity(vectors.len());
    let mut batches = vectors.batches(BATCH);
    let mut answer = |features: Features| -> crate::error::Result<()> {
        // Plain questions ignore labels.
        let labels = vec![0; features.len()];
        let split = Split::new(preparation.apply(features)?, labels, 1)?;
        reported.extend(nearest_of_all(&split, &question)?);
        Ok(())
    };
    while let Some(features) = session.timings.time("load", || batches(Vec::new()))? {
        session.timings.time("distances", || answer(features))?;
    }
    let report = Vectors {
        file: at.path.as_path() as &Path,
        model: &model,
        reported: &reported as &[Reported],
        notes: vectors.notes(),
        run: session.so_far(),
    };
    Ok(Results::Data(match arguments.json {
        true => report.json(),
        false => report.csv(),
    }))
}
