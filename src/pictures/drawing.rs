//! What models read in a drawing, and why.

use crate::classifier::exact::Measured;
use crate::classifier::model::{ModelFile, Question};
use crate::data::picture::Picture;
use crate::data::{Dataset, Labelled};
use crate::error::{Error, Result};
use crate::pictures::frame::{Frame, Framed, Target};

/// Pixels of a side of the canvas.
pub const CANVAS: usize = 280;

/// The models that read a drawing, and images to look at beside it.
pub struct Reader {
    models: Vec<ModelFile>,
    /// Rows and columns of their images.
    size: [usize; 2],
    gallery: Option<Dataset>,
    /// What the models' images look like.
    target: Target,
}

/// What one model says of an image.
pub struct Answer<'a> {
    /// The model.
    pub model: &'a ModelFile,
    /// How far it is from each class mean.
    pub measured: Measured,
}

/// What all models say of a drawing in one frame.
pub struct Reading<'a> {
    /// The frame.
    pub frame: Frame,
    /// What the models were shown.
    pub framed: Framed,
    /// What each of them says.
    pub answers: Vec<Answer<'a>>,
}

/// How much further an image is from one class mean than from another.
pub struct Difference {
    /// The class whose mean is compared, and the one that it is compared with.
    pub classes: [usize; 2],
    /// The difference at each pixel; positive where it speaks for the first class.
    pub pixels: Vec<f64>,
    /// The difference of the whole image, from exact fractions.
    pub total: f64,
}

impl Reader {
    /// Models to ask, and a dataset whose test images are shown.
    ///
    /// # Errors
    /// When there is no model, or images differ in shape or are not square, as
    /// the canvas is.
    pub fn new(models: Vec<ModelFile>, gallery: Option<Dataset>) -> Result<Self> {
        let refuse = |why: String| Err(Error::Invalid(why));
        let Some(first) = models.first() else {
            return refuse("there is no model to read a drawing".into());
        };
        let size @ [rows, columns] = first.image_size()?;
        if rows != columns || rows > CANVAS {
            return refuse(format!(
                "a model of images of {rows} × {columns} pixels cannot read a square canvas of \
                 {CANVAS} pixels; choose one of square images no larger than that"
            ));
        }
        let classes = first.model.sums().classes();
        let is_alike = |model: &ModelFile| {
            model.shape == first.shape && model.model.sums().classes() == classes
        };
        if !models.iter().all(is_alike) {
            return refuse("models of different shapes cannot read one drawing".into());
        }
        let fits = |gallery: &Dataset| gallery.test().shape() == first.shape;
        let gallery = gallery.filter(fits);
        let target = Target::of(first)?;
        if !target.has_ground() {
            return refuse(
                "a model of images without an even ground cannot read drawings on one; choose \
                 another"
                    .into(),
            );
        }
        Ok(Self {
            gallery,
            size,
            models,
            target,
        })
    }

    /// Rows and columns of an image as the models see it.
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// Pixels of such an image.
    pub fn dim(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// The models, at least one and all of one shape.
    pub fn models(&self) -> &[ModelFile] {
        &self.models
    }

    /// What cannot be known of the models' images, a sentence each.
    pub fn notes(&self) -> &[String] {
        self.target.notes()
    }

    /// The dataset whose test images are shown, if any.
    pub fn dataset(&self) -> Option<&Dataset> {
        self.gallery.as_ref()
    }

    /// What is read on a canvas of [`CANVAS`] rows and columns, in each frame;
    /// nothing where it is blank.
    ///
    /// # Errors
    /// When it has another size.
    pub fn read(&self, canvas: &[u8]) -> Result<Vec<Reading<'_>>> {
        let picture = Picture::new(CANVAS, CANVAS, canvas.to_vec())?;
        let readings = Frame::ALL.map(|frame| self.reading(frame, &picture));
        readings.into_iter().filter_map(Result::transpose).collect()
    }

    fn reading(&self, frame: Frame, picture: &Picture) -> Result<Option<Reading<'_>>> {
        let Some(framed) = self.target.framed(frame, picture) else {
            return Ok(None);
        };
        let answer = |model| {
            let measured = measured(&framed.pixels, model)?;
            Ok(Answer { model, measured })
        };
        let answers = self.models.iter().map(answer).collect::<Result<_>>()?;
        Ok(Some(Reading {
            frame,
            framed,
            answers,
        }))
    }

    /// Pixel by pixel how much further an image is from the mean of class `b`
    /// than from that of class `a`: `(x − m_b)² − (x − m_a)²`, and in all
    /// `d²(x, b) − d²(x, a)`.
    ///
    /// # Errors
    /// When there is no such model, class or image.
    pub fn difference(&self, model: usize, [a, b]: [usize; 2], image: &[u8]) -> Result<Difference> {
        let refuse = |what: String| Error::NotThere(what);
        let file = self.models.get(model);
        let file = file.ok_or_else(|| refuse(format!("model {model}")))?;
        let sums = file.model.sums();
        let mean = |class: usize| {
            let mean = (class < sums.classes()).then(|| sums.mean(class));
            mean.flatten()
                .ok_or_else(|| refuse(format!("mean of class {class}")))
        };
        let means = [mean(a)?, mean(b)?];
        if image.len() != self.dim() {
            return Err(refuse(format!("image of {} pixels", image.len())));
        }
        let square = |mean: &[f64], at: usize| (f64::from(image[at]) - mean[at]).powi(2);
        let [to_a, to_b] = means;
        let pixels = (0..image.len()).map(|at| square(&to_b, at) - square(&to_a, at));
        let squared = measured(image, file)?.squared;
        let total = squared[a].zip(squared[b]).map(|(a, b)| b.minus(a));
        Ok(Difference {
            classes: [a, b],
            pixels: pixels.collect(),
            total: total.ok_or_else(|| refuse("distance to these classes".into()))?,
        })
    }

    /// At most `count` images of the gallery, from image `from` on.
    ///
    /// # Errors
    /// When there are none.
    pub fn gallery(&self, from: usize, count: usize) -> Result<Vec<Labelled>> {
        let Some(dataset) = &self.gallery else {
            return Err(Error::NotThere("gallery".into()));
        };
        dataset.test().several(from, count)
    }
}

/// How far an image is from each mean of a model.
fn measured(pixels: &[u8], file: &ModelFile) -> Result<Measured> {
    // The label matters only for leave-one-out.
    let question = Question::plain(&file.model).of_levels()?;
    Ok(Measured::new(pixels, 0, &question))
}
