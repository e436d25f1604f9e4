//! The mean images.

use maud::{Markup, html};

use super::gallery::image;
use super::images;
use crate::app::report::dataset_report::DatasetReport;
use crate::app::report::montage::mean_picture;
use crate::app::report::{MOST_CLASSES, text};
use crate::error::Result;

pub(super) fn body(report: &DatasetReport<'_>) -> Result<Markup> {
    let sums = report.model.sums();
    let columns = report.dataset.train().columns();
    Ok(html! {
        p {
            "All that is kept of " (images(sums.images())) " is a mean for each class. "
            @if sums.classes() > MOST_CLASSES {
                "The first " (MOST_CLASSES) " of " (text::count(sums.classes() as u64)) " classes:"
            }
        }
        div.gallery.means {
            @for class in 0..sums.classes().min(MOST_CLASSES) {
                figure {
                    @if let Some(mean) = mean_picture(sums, class, columns) {
                        (image(&mean, &format!("Mean image of class {class}"))?)
                    } @else {
                        div.nothing { "no mean" }
                    }
                    figcaption {
                        b { (class) }
                        div { (images(sums.count(class))) }
                    }
                }
            }
        }
    })
}
