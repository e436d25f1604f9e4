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
    let size = report.dataset.train().shape().image_size();
    let with = sums.present().count();
    let without = sums.classes() - with;
    let few = sums.present().take(MOST_CLASSES);
    let means = few.filter_map(|class| {
        let picture = mean_picture(sums.levels().ok()?, class, size?[1])?;
        Some((class, picture))
    });
    Ok(html! {
        p {
            "All that is kept of " (images(sums.samples())) " is a mean for each class. "
            @if without > 0 {
                (text::none_of(without, sums.classes())) ". "
            }
            @if with > MOST_CLASSES {
                "The first " (MOST_CLASSES) " of the " (text::count(with as u64)) " classes that have some:"
            }
        }
        div.gallery.means {
            @for (class, mean) in means {
                figure {
                    (image(&mean, &format!("Mean image of class {class}"))?)
                    figcaption {
                        b { (class) }
                        div { (images(sums.count(class))) }
                    }
                }
            }
        }
    })
}
