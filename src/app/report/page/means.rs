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
    let has_images = |class: &usize| sums.count(*class) > 0;
    let with: Vec<usize> = (0..sums.classes()).filter(has_images).collect();
    let without = sums.classes() - with.len();
    Ok(html! {
        p {
            "All that is kept of " (images(sums.images())) " is a mean for each class. "
            @if without > 0 {
                (text::none_of(without, sums.classes())) ". "
            }
            @if with.len() > MOST_CLASSES {
                "The first " (MOST_CLASSES) " of " (text::count(with.len() as u64)) " classes:"
            }
        }
        div.gallery.means {
            @for &class in with.iter().take(MOST_CLASSES) {
                figure {
                    @if let Some(mean) = mean_picture(sums, class, columns) {
                        (image(&mean, &format!("Mean image of class {class}"))?)
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
