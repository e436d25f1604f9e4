//! `ncm compare`: does training on train+test help?

use std::path::PathBuf;

use super::compare_recipes;
use super::data_arguments::SplitName;
use super::model_arguments::fitting;
use super::next;
use super::recipe_arguments::RecipeArguments;
use super::session::{SessionArguments, Work};
use super::training::{Splits, shard};
use crate::app;
use crate::app::report::destination::{Destination, Outputs};
use crate::app::report::file::write_whole;
use crate::app::report::{self, Report, Results};
use crate::backends::select::Choice;
use crate::classifier::model::{Model, ModelFile, Question};
use crate::classifier::predictions::Predictions;
use crate::data::OneSet;
use crate::data::recipe::Recipe;
use crate::data::{Dataset, Split};
use crate::error::Result;
use crate::evaluation::comparison::Comparison;
use crate::evaluation::score::{Answers, Asked, Changes, Score};

const EXAMPLES: &str = "\
Examples:
  ncm compare
  ncm compare --data kmnist --backend cpu
  ncm compare --data features.npz --recipes euclidean,l2n

`ncm help words` explains the words of the result.";

/// Say whether training on the test images as well helps
///
/// Classifies the test images three times: with the means of train, with those of
/// train+test, and with those of train+test while each image is left out of the
/// mean of its own class. Counts the answers that each change fixes and breaks,
/// tests whether that could be chance (McNemar, exact and mid-p), and says how
/// much of the gain comes from testing on images the model had seen.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompareArguments {
    #[command(flatten)]
    pub(super) session: SessionArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    /// Compare two recipes instead, both trained on the training images alone
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        num_args = 1,
        value_name = "A,B",
        conflicts_with = "recipe"
    )]
    recipes: Vec<Recipe>,

    /// Model files to use instead of training: of the training samples, and of all samples,
    /// test samples among them
    #[arg(long, num_args = 2, value_names = ["TRAIN", "ALL"], conflicts_with = "recipes")]
    models: Option<Vec<PathBuf>>,

    /// Also write a file of the counts of right answers, which `ncm merge` adds to others;
    /// - is standard output
    #[arg(long, value_name = "FILE.npz", conflicts_with = "recipes")]
    save: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(arguments: &CompareArguments) -> app::Result<Results> {
    match arguments.recipes[..] {
        [] => {}
        [one, other] if one != other => return compare_recipes::run(arguments, [one, other]),
        _ => {
            return Err(app::Error::Usage(
                "--recipes takes two different ones, such as euclidean,l2n".into(),
            ));
        }
    }
    let save = arguments.save.as_deref();
    let outputs = Outputs::new([save], arguments.json)?;
    // Models need no training samples, so that all of one set can be tested.
    let one_set = match arguments.models {
        Some(_) => OneSet::Whole,
        None => OneSet::Divided,
    };
    let (mut session, dataset) = arguments.session.open(Choice::Auto, one_set)?;
    let given = arguments.given()?;
    let shard = save
        .map(|_| shard(SplitName::Test, None, &dataset, |_| {}))
        .transpose()?;
    let first = given.as_ref().map(|[first, _]| first);
    let dataset = (arguments.recipe).prepare(dataset, first, &mut session)?;
    let (dataset, given) = arguments.fitting(given, dataset)?;
    let inputs: Vec<PathBuf> = (dataset.files().iter())
        .chain(arguments.models.iter().flatten())
        .cloned()
        .collect();
    let save = save
        .map(|path| Destination::new(path, &inputs))
        .transpose()?;
    let (models, comparison) = session.run(|work| {
        let splits = Splits::new(work.backend, &dataset);
        let models = match &given {
            Some(models) => models.clone(),
            None => splits.both_models(work)?,
        };
        let comparison = of_models(&splits, &models, work, |_, _, _| Ok(()))?;
        Ok((models, comparison))
    })?;
    let mut score = Score::of_dataset(&dataset, SplitName::Test.name());
    score.shards.extend(shard);
    let [train, all] = &models;
    for (row, (model, leave_one_out)) in
        (comparison.rows().into_iter()).zip([(train, false), (all, false), (all, true)])
    {
        score.answers.push(Answers {
            asked: Asked::new(model, leave_one_out, dataset.class_names()),
            evaluation: row.evaluation.clone(),
        });
    }
    score.changes = comparison.pairs().map(Changes::from).into();
    if let Some(save) = &save {
        write_whole(save, &score.bytes()?)?;
    }
    let report = report::compare::Compare {
        score: &score,
        comparison: &comparison,
        source: Some(dataset.source()),
        run: Some(session.so_far()),
        parts: None,
        notes: &[],
    };
    if arguments.json {
        return Ok(Results::Data(report.json()));
    }
    let data = &arguments.session.data;
    let words = arguments.recipe.with(&["report"]);
    let next = next::of_same_data("which images go wrong", &words, data);
    let text = report.text() + &outputs.written() + &next;
    Ok(outputs.beside(report.worded(text)))
}

impl CompareArguments {
    /// The models that were named, if any: of the training samples, and of all.
    fn given(&self) -> app::Result<Option<[ModelFile; 2]>> {
        let Some([train, all]) = self.models.as_deref() else {
            return Ok(None);
        };
        let [train_file, all_file] = [ModelFile::read(train)?, ModelFile::read(all)?];
        let of = |file: &ModelFile| file.model.preparation();
        if of(&train_file) != of(&all_file) {
            return Err(app::Error::Usage(format!(
                "{} and {} are models of two recipes; name two of one",
                train.display(),
                all.display()
            )));
        }
        Ok(Some([train_file, all_file]))
    }

    /// The dataset and the models, which must fit it, with the classes of all.
    fn fitting(
        &self,
        given: Option<[ModelFile; 2]>,
        dataset: Dataset,
    ) -> Result<(Dataset, Option<[Model; 2]>)> {
        let (Some([train, all]), Some([train_path, all_path])) = (given, self.models.as_deref())
        else {
            return Ok((dataset, None));
        };
        let (dataset, all) = fitting(all_path, all, dataset)?;
        let (dataset, train) = fitting(train_path, train, dataset)?;
        // The classes of the other may be more by now.
        let (dataset, all) = fitting(all_path, all, dataset)?;
        Ok((dataset, Some([train.model, all.model])))
    }
}

/// Compares, and returns the train model as well; `look` sees each batch of
/// test images with what is asked of that model and what it predicts.
pub(super) fn compare(
    dataset: &Dataset,
    work: &mut Work<'_>,
    look: impl FnMut(&Split, &Question<'_>, &Predictions) -> Result<()>,
) -> Result<(Model, Comparison)> {
    let splits = Splits::new(work.backend, dataset);
    let models = splits.both_models(work)?;
    let comparison = of_models(&splits, &models, work, look)?;
    let [alone, _] = models;
    Ok((alone, comparison))
}

fn of_models(
    splits: &Splits<'_>,
    [alone, both]: &[Model; 2],
    work: &mut Work<'_>,
    mut look: impl FnMut(&Split, &Question<'_>, &Predictions) -> Result<()>,
) -> Result<Comparison> {
    work.progress.stage("finding the nearest means");
    let of_alone = Question::plain(alone);
    let questions = [
        of_alone,
        Question::plain(both),
        Question::leave_one_out(both),
    ];
    let images = questions.map(|question| question.model().sums().samples());
    let test = &splits.test;
    let mut comparison = Comparison::new(test.source().classes(), images);
    test.predictions(&questions, work.timings, |batch, predictions| {
        comparison.add(batch.labels(), predictions)?;
        look(batch, &of_alone, &predictions[0])
    })?;
    Ok(comparison)
}
