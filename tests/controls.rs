//! Negative controls: a backend that is wrong in one number must fail the
//! check that is there to find it.

use ncm::internals::backends::cpu::Cpu;
use ncm::internals::backends::{Backend, Description, Resident};
use ncm::internals::classifier::predictions::{Decision, Decisions};
use ncm::internals::data::Split;
use ncm::{ClassSums, Distances, LevelSums, Model, Question, Result};

use crate::oracle::hard::{Case, near_ties, noise};
use crate::oracle::{self, check_decisions, check_distances, conforms};
use crate::support::{Outcome, Pictures, ensure, failed, random_split};

/// What the faulty backend gets wrong, each by the least that matters.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    Sum,
    Count,
    Distance,
    Label,
    Doubt,
    LeaveOneOut,
    Draw,
}

#[test]
fn without_a_fault_pass() -> Outcome {
    run(Fault::None)
}

#[test]
fn find_a_wrong_sum() -> Outcome {
    is_found(Fault::Sum)
}

#[test]
fn find_a_wrong_count() -> Outcome {
    is_found(Fault::Count)
}

#[test]
fn find_a_wrong_distance() -> Outcome {
    is_found(Fault::Distance)
}

#[test]
fn find_a_wrong_label() -> Outcome {
    is_found(Fault::Label)
}

#[test]
fn find_a_wrong_doubt() -> Outcome {
    is_found(Fault::Doubt)
}

#[test]
fn find_a_wrong_leave_one_out() -> Outcome {
    is_found(Fault::LeaveOneOut)
}

#[test]
fn find_a_wrong_draw() -> Outcome {
    is_found(Fault::Draw)
}

#[test]
fn known_answers_find_a_wrong_draw() -> Outcome {
    known_answers(Fault::Draw)
}

#[test]
fn known_answers_find_a_wrong_sum() -> Outcome {
    known_answers(Fault::Sum)
}

#[test]
fn known_answers_find_a_wrong_count() -> Outcome {
    known_answers(Fault::Count)
}

#[test]
fn known_answers_find_a_wrong_distance() -> Outcome {
    known_answers(Fault::Distance)
}

#[test]
fn known_answers_find_a_wrong_label() -> Outcome {
    known_answers(Fault::Label)
}

#[test]
fn known_answers_find_a_wrong_doubt() -> Outcome {
    known_answers(Fault::Doubt)
}

#[test]
fn known_answers_find_a_missing_surcharge() -> Outcome {
    known_answers(Fault::LeaveOneOut)
}

#[test]
fn known_answers_pass_without_a_fault() -> Outcome {
    let faulty = Faulty {
        cpu: Cpu::default(),
        fault: Fault::None,
    };
    ncm::internals::backends::known_answer::check(&faulty).map_err(failed)
}

fn is_found(fault: Fault) -> Outcome {
    ensure(run(fault).is_err(), || format!("{fault:?} went unnoticed"))
}

fn run(fault: Fault) -> Outcome {
    let (train, test) = match fault {
        // Images that know their class are not any nearer to another one alone.
        Fault::LeaveOneOut => noise().swap_remove(0),
        _ => (random_split(51, 60, 30, 4), random_split(52, 50, 30, 4)),
    };
    conforms(
        &Faulty {
            cpu: Cpu::default(),
            fault,
        },
        &train,
        &test,
    )
}

/// A device that is wrong is not believed, and what to do is said.
fn known_answers(fault: Fault) -> Outcome {
    let faulty = Faulty {
        cpu: Cpu::default(),
        fault,
    };
    match ncm::internals::backends::known_answer::check(&faulty) {
        Err(error @ ncm::Error::NoGpu(_)) => {
            let text = ncm::internals::app::message(&error);
            ensure(
                text.contains("wrongly") && text.contains("--backend cpu"),
                || text.clone(),
            )
        }
        other => Err(format!("{other:?}")),
    }
}

struct Faulty {
    cpu: Cpu,
    fault: Fault,
}

struct FaultyImages<'a> {
    images: Box<dyn Resident + 'a>,
    fault: Fault,
}

impl Backend for Faulty {
    fn description(&self) -> Description {
        self.cpu.description()
    }

    fn upload<'a>(&'a self, split: &'a Split) -> Result<Box<dyn Resident + 'a>> {
        Ok(Box::new(FaultyImages {
            images: self.cpu.upload(split)?,
            fault: self.fault,
        }))
    }
}

impl Resident for FaultyImages<'_> {
    fn split(&self) -> &Split {
        self.images.split()
    }

    fn class_sums(&self) -> Result<ClassSums> {
        let sums = self.images.class_sums()?;
        let sums = sums.levels()?;
        let mut counts = sums.counts().to_vec();
        let mut all: Vec<u64> = (0..sums.classes())
            .flat_map(|class| sums.sum(class).to_vec())
            .collect();
        match self.fault {
            Fault::Sum => all[7] += 1,
            Fault::Count => counts[3] += 1,
            _ => {}
        }
        Ok(LevelSums::new(sums.dim(), counts, all)?.into())
    }

    fn drawn_sums(&self, draws: &[&[u32]]) -> Result<Vec<ClassSums>> {
        if self.fault != Fault::Draw {
            return self.images.drawn_sums(draws);
        }
        // One image of a draw is another.
        let mut first = draws[0].to_vec();
        if let Some(index) = first.first_mut() {
            *index = (*index + 1) % self.split().len() as u32;
        }
        let draws = [&[&first[..]], &draws[1..]].concat();
        self.images.drawn_sums(&draws)
    }

    fn distances(&self, model: &Model) -> Result<Distances> {
        let distances = self.images.distances(model)?;
        let mut squared = distances.squared().to_vec();
        if self.fault == Fault::Distance {
            // Twice what rounding thirty pixels of a mean can do.
            let moved = 30.0_f64.sqrt() / 256.0;
            squared[20] = (squared[20].sqrt() + 2.0 * moved).powi(2);
        }
        Ok(Distances::new(model.sums().classes(), squared))
    }

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Decisions>> {
        let plain: Vec<_> = questions
            .iter()
            .map(|question| Question::plain(question.model()))
            .collect();
        let asked = if self.fault == Fault::LeaveOneOut {
            &plain
        } else {
            questions
        };
        let mut answers = self.images.nearest(asked)?;
        let last = answers.len() - 1;
        let mut decisions = answers[last].to_vec();
        let Some(decision) = decisions.get_mut(20) else {
            return Ok(answers);
        };
        match self.fault {
            Fault::Label => *decision = Decision::new((decision.class() + 1) % 4, true),
            Fault::Doubt => *decision = Decision::new(decision.class(), false),
            _ => {}
        }
        answers[last] = decisions.into();
        Ok(answers)
    }
}

fn cpu_answers(split: &Split, take: impl FnOnce(&dyn Resident, &Model) -> Outcome) -> Outcome {
    let cpu = Cpu::default();
    let resident = cpu.upload(split).map_err(failed)?;
    let model = Model::new("itself", resident.class_sums().map_err(failed)?).map_err(failed)?;
    take(&*resident, &model)
}

/// Distances of one model checked against another must fail.
#[test]
fn find_distances_to_other_means() -> Outcome {
    let (split, other) = (random_split(53, 20, 30, 4), random_split(54, 20, 30, 4));
    cpu_answers(&split, |resident, model| {
        let found = resident.distances(model).map_err(failed)?;
        check_distances(&found, &split, &[&split])?;
        let unnoticed = check_distances(&found, &split, &[&other]).is_ok();
        ensure(!unnoticed, || {
            "distances to other means went unnoticed".into()
        })
    })
}

#[test]
fn find_a_missing_decision() -> Outcome {
    let split = random_split(55, 20, 30, 4);
    cpu_answers(&split, |resident, model| {
        let question = Question::plain(model);
        let decisions = resident.nearest(&[question]).map_err(failed)?.remove(0);
        check_decisions(&decisions, &split, &[&split], &question)?;
        let missing = &decisions[..decisions.len() - 1];
        let unnoticed = check_decisions(missing, &split, &[&split], &question).is_ok();
        ensure(!unnoticed, || "a missing decision went unnoticed".into())
    })
}

/// The near-ties are worth their name only if plain float32 gets some wrong.
#[test]
fn near_ties_are_wrong_in_float32() -> Outcome {
    near_ties().iter().try_for_each(float32_is_wrong)
}

fn float32_is_wrong((train, test): &Case) -> Outcome {
    let sums = oracle::sums(&[train]);
    let float32 = |image: &[u8], class: usize| -> f32 {
        let mean = |pixel: usize| sums.sums[class][pixel] as f32 / sums.counts[class] as f32;
        image
            .iter()
            .enumerate()
            .map(|(index, &pixel)| (f32::from(pixel) - mean(index)).powi(2))
            .sum()
    };
    let wrong = (0..test.len()).filter(|&index| {
        let image = test.pictures().image(index);
        let exact = oracle::squared_distances(&sums, image, 0, false);
        let nearest = u16::from(float32(image, 1) < float32(image, 0));
        nearest != oracle::nearest(&exact).0
    });
    let wrong = wrong.count();
    ensure(wrong > 0, || "float32 gets every one of these right".into())
}
