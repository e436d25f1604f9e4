//! What the page of `ncm draw` is told.

use serde_json::{Value, json};

use super::json;
use super::predictions::Explained;
use crate::data::{Dataset, Images, Labelled};
use crate::pictures::drawing::{Answer, CANVAS, Difference, Reader, Reading};

fn render(keys: &Value) -> String {
    json::compact("draw", &[], keys)
}

/// The models, and what there is to look at.
pub fn models(reader: &Reader) -> String {
    let (models, gallery) = (reader.models(), reader.dataset());
    let first = &models[0];
    let classes = first.model.sums().classes();
    let [rows, columns] = reader.size();
    let models = models.iter().map(|file| {
        let sums = file.model.sums().levels();
        // Rounded to levels; null for a class without images.
        let means = (0..classes).map(|class| sums.as_ref().ok()?.mean_image(class));
        json!({
            "trained_on": file.model.trained_on(),
            "images": file.model.sums().samples(),
            "counts": file.model.sums().counts(),
            "means": means.collect::<Vec<_>>(),
        })
    });
    render(&json!({
        "dataset": first.dataset,
        "rows": rows,
        "columns": columns,
        "classes": classes,
        "canvas": CANVAS,
        "models": models.collect::<Value>(),
        "gallery": {
            "name": gallery.map(Dataset::name),
            "images": images_in(reader),
        },
    }))
}

/// What is read of a drawing; nothing where it is blank.
pub fn readings(readings: &[Reading<'_>]) -> String {
    let keys = readings.iter().map(|reading| {
        json!({
            "frame": reading.frame.name(),
            "pixels": reading.framed.pixels,
            "notes": reading.framed.notes,
            "explained": Explained::from(&reading.framed),
            "answers": reading.answers.iter().map(answer).collect::<Value>(),
        })
    });
    render(&json!({
        "blank": readings.is_empty(),
        "readings": keys.collect::<Value>(),
    }))
}

fn answer(answer: &Answer<'_>) -> Value {
    let nearest = &answer.measured.nearest;
    json!({
        "trained_on": answer.model.model.trained_on(),
        "predicted": nearest.class,
        "distances": answer.measured.distances(),
        // Of squared distances; null with a single class.
        "margin": nearest.finite_margin(),
    })
}

/// What each pixel says for class `a` against class `b`.
pub fn difference(difference: &Difference) -> String {
    let [a, b] = difference.classes;
    render(&json!({
        "a": a,
        "b": b,
        "differences": difference.pixels,
        "total": difference.total,
    }))
}

/// Images of the gallery from one on.
pub fn gallery(reader: &Reader, from: usize, images: &[Labelled]) -> String {
    let keys = (from..).zip(images).map(|(index, labelled)| {
        json!({
            "index": index,
            "label": labelled.label,
            "pixels": labelled.image().map_or(&[][..], Images::pixels),
        })
    });
    render(&json!({
        "total": images_in(reader),
        "images": keys.collect::<Value>(),
    }))
}

fn images_in(reader: &Reader) -> usize {
    reader.dataset().map_or(0, |dataset| dataset.test().len())
}
