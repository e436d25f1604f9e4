//! Single images with what they were taken for.

use maud::{Markup, html};

use crate::app::report::dataset_report::DatasetReport;
use crate::app::report::raster::Raster;
use crate::app::report::text;
use crate::error::Result;
use crate::pictures::detail::{Other, SampleDetail};

pub(super) fn errors(report: &DatasetReport<'_>, indices: &[usize]) -> Result<Markup> {
    Ok(html! {
        @if indices.is_empty() {
            p { "No test image is wrong." }
        } @else {
            p {
                "The mistakes that looked most certain. The margin is the second least squared distance minus the least; "
                "the second least need not be that to the true class. The image is its number in the test set, counted from 0."
            }
            (gallery(report, indices)?)
        }
    })
}

pub(super) fn wins(report: &DatasetReport<'_>, indices: &[usize]) -> Result<Markup> {
    Ok(html! {
        @if indices.is_empty() {
            p { "No right answer had a second class to lose to." }
        } @else {
            p { "The right answers that were nearly wrong, each with the class that it was nearly given." }
            (gallery(report, indices)?)
        }
    })
}

fn gallery(report: &DatasetReport<'_>, indices: &[usize]) -> Result<Markup> {
    let shown = indices.iter().filter_map(|index| report.details.get(index));
    Ok(html! {
        div.gallery {
            @for detail in shown {
                figure {
                    @if let Some(picture) = picture(detail) {
                        (picture?)
                    }
                    figcaption { (caption(detail)) }
                }
            }
        }
    })
}

fn caption(detail: &SampleDetail) -> Markup {
    let is_right = detail.label == detail.predicted;
    html! {
        b {
            (detail.label)
            @if !is_right { " taken for " (detail.predicted) }
            @else if let Some(other) = detail.other { ", nearly " (other.class) }
        }
        dl {
            (distance(detail.predicted, Some(detail.distance)))
            @if let Some(Other { class, distance }) = detail.other {
                (self::distance(class, distance))
            }
            dt { "margin" } dd { (margin(detail.margin)) }
            dt { "image" } dd { (detail.index) }
        }
    }
}

fn distance(class: u16, distance: Option<f64>) -> Markup {
    html! {
        dt { "to " (class) }
        dd {
            @match distance {
                Some(distance) => { (decimal(distance)) }
                None => "not trained on",
            }
        }
    }
}

/// The picture of an image, to be enlarged without blur; none of other samples.
pub(super) fn picture(detail: &SampleDetail) -> Option<Result<Markup>> {
    let SampleDetail {
        index,
        label,
        predicted,
        picture,
        ..
    } = detail;
    let small = picture.as_ref()?;
    let raster = Raster::of_image(small.columns(), small.pixels());
    let alt = if label == predicted {
        format!("Test image {index}: a {label}, rightly predicted")
    } else {
        format!("Test image {index}: a {label}, predicted {predicted}")
    };
    Some(image(&raster, &alt))
}

/// A picture that stands in the page itself.
pub(super) fn image(raster: &Raster, alt: &str) -> Result<Markup> {
    Ok(html! {
        img src=(raster.data_uri()?) width=(raster.width()) height=(raster.height()) alt=(alt);
    })
}

/// A margin, exact to the last digit that can matter.
fn margin(margin: f64) -> String {
    match margin {
        _ if margin.is_infinite() => "no second class".to_owned(),
        // Of features.
        ..10.0 => format!("{margin:.5}"),
        1_000.0.. => text::count(margin.round() as u64),
        _ => decimal(margin),
    }
}

/// A number with two decimals and its thousands apart.
fn decimal(number: f64) -> String {
    if number < 10.0 {
        // Of features.
        return format!("{number:.5}");
    }
    let text = format!("{number:.2}");
    match text.split_once('.') {
        Some((whole, rest)) => {
            let whole: u64 = whole.parse().unwrap_or(0);
            format!("{}.{rest}", text::count(whole))
        }
        None => text,
    }
}
