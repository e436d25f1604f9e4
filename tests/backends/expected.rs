//! The comparison with all answers made by other software.

use ncm::internals::evaluation::statistics::{mcnemar, wilson_interval95};
use ncm::{ClassSums, Comparison, Evaluation};
use serde_json::Value;

use crate::mnist::Answers;
use crate::support::mnist::{Expected, MODELS};
use crate::support::{Outcome, ensure, failed, sha256};

pub fn in_full(found: &Answers, comparison: &Comparison, expected: &Expected) -> Outcome {
    for (index, model) in MODELS.iter().enumerate() {
        let (answers, bytes) = (&expected.answers[model], &expected.predictions[index]);
        let labels: Vec<u8> = found.predictions[index]
            .classes()
            .iter()
            .map(|&class| class as u8)
            .collect();
        let differs = labels.iter().zip(bytes).position(|(a, b)| a != b);
        ensure(labels == *bytes, || {
            format!("{model}: first other label at image {differs:?}")
        })?;
        hash(&labels, &answers["predictions_u8_sha256"])?;
        evaluation(&comparison.rows()[index].evaluation, answers)
            .map_err(|wrong| format!("{model}: {wrong}"))?;
    }
    for (sums, model) in found.sums.iter().zip(MODELS) {
        class_sums(sums, &expected.answers[model]).map_err(|wrong| format!("{model}: {wrong}"))?;
    }
    for (pair, name) in
        comparison
            .pairs()
            .iter()
            .zip(["train_vs_both", "train_vs_loo", "both_vs_loo"])
    {
        let answers = &expected.answers[name];
        for (key, found) in [
            ("fixed", pair.fixed),
            ("broken", pair.broken),
            ("changed", pair.changed),
        ] {
            ensure(answers[key] == found, || format!("{name}: {found} {key}"))?;
        }
        close(pair.mcnemar().exact_p, &answers["mcnemar_exact_p"])?;
        ensure(pair.mcnemar() == mcnemar(pair.fixed, pair.broken), || {
            name.to_owned()
        })?;
    }
    Ok(())
}

fn evaluation(found: &Evaluation, answers: &Value) -> Outcome {
    ensure(
        answers["correct"] == found.correct() && answers["total"] == found.total(),
        || format!("{} of {} right", found.correct(), found.total()),
    )?;
    close(found.accuracy(), &answers["accuracy"])?;
    let [low, high] = wilson_interval95(found.correct(), found.total());
    close(low, &answers["wilson95"][0])?;
    close(high, &answers["wilson95"][1])?;
    let confusion = &answers["confusion_rows_true_cols_pred"];
    if confusion.is_null() {
        return Ok(());
    }
    let rows: Vec<Vec<u64>> = found.confusion().rows().collect();
    ensure(
        serde_json::to_value(rows).map_err(failed)? == *confusion,
        || "confusion".into(),
    )
}

fn class_sums(found: &ClassSums, answers: &Value) -> Outcome {
    let found = found.levels().map_err(failed)?;
    let sums: Vec<u64> = (0..found.classes())
        .flat_map(|class| found.sum(class).to_vec())
        .collect();
    let counts = serde_json::to_value(found.counts()).map_err(failed)?;
    ensure(counts == answers["counts"], || format!("counts {counts}"))?;
    ensure(answers["sums_total"] == sums.iter().sum::<u64>(), || {
        "total of the sums".into()
    })?;
    ensure(
        answers["sums_max"] == *sums.iter().max().unwrap_or(&0),
        || "largest sum".into(),
    )?;
    let bytes: Vec<u8> = sums
        .iter()
        .flat_map(|&sum| (sum as u32).to_le_bytes())
        .collect();
    hash(&bytes, &answers["sums_u32le_sha256"])
}

fn close(found: f64, expected: &Value) -> Outcome {
    let expected = expected.as_f64().unwrap_or(f64::NAN);
    ensure((found - expected).abs() <= 1e-13, || {
        format!("{found}, expected {expected}")
    })
}

fn hash(bytes: &[u8], expected: &Value) -> Outcome {
    let Some(expected) = expected.as_str() else {
        return Ok(());
    };
    let found = sha256(bytes);
    ensure(found == expected, || format!("SHA-256 {found}"))
}
