//! What models read in a drawing, and why.

use crate::classifier::exact::Measured;
use crate::classifier::model::ModelFile;
use crate::data::picture::Picture;
use crate::data::{Dataset, Labelled};
use crate::error::{Error, Result};
use crate::pictures::frame::{Frame, Framed, Target};

/// Pixels of a side of the canvas.
pub const CANVAS: usize = 280;

/// The models that read a drawing, and images to look at beside it.
pub struct Reader {
    models: Vec<ModelFile>,
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
        let (rows, columns) = (first.rows, first.columns);
        if rows != columns || rows > CANVAS {
            return refuse(format!(
                "a model of images of {rows} × {columns} pixels cannot read a square canvas of \
                 {CANVAS} pixels; choose one of square images no larger than that"
            ));
        }
        let classes = first.model.sums().classes();
        let is_alike = |model: &ModelFile| {
            (model.rows, model.columns) == (rows, columns)
                && model.model.sums().classes() == classes
        };
        if !models.iter().all(is_alike) {
            return refuse("models of different shapes cannot read one drawing".into());
        }
        let fits = |gallery: &Dataset| {
            (gallery.test().rows(), gallery.test().columns()) == (rows, columns)
        };
        let target = Target::of(first);
        if !target.has_ground() {
            return refuse(
                "a model of images without an even ground cannot read drawings on one; choose \
                 another"
                    .into(),
            );
        }
        Ok(Self {
            gallery: gallery.filter(fits),
            models,
            target,
        })
    }

    /// Pixels of an image as the models see it.
    pub fn dim(&self) -> usize {
        self.models[0].rows * self.models[0].columns
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
        Ok(readings.into_iter().flatten().collect())
    }

    fn reading(&self, frame: Frame, picture: &Picture) -> Option<Reading<'_>> {
        let framed = self.target.framed(frame, picture)?;
        let answers = self.models.iter().map(|model| Answer {
            model,
            measured: Measured::of_unknown(&framed.pixels, &model.model),
        });
        let answers = answers.collect();
        Some(Reading {
            frame,
            framed,
            answers,
        })
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
        let squared = Measured::of_unknown(image, &file.model).squared;
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
