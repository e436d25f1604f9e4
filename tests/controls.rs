//! Negative controls: a backend that is wrong in one number must fail the
//! check that is there to find it.

use libtest_mimic::Trial;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::backends::{Backend, Bandwidth, Description, Resident};
use ncm::internals::classifier::predictions::Decision;
use ncm::internals::data::Split;
use ncm::{ClassSums, Distances, Model, Question, Result};

use crate::conformance::cases::noise;
use crate::conformance::conforms;
use crate::oracle::{check_decisions, check_distances};
use crate::support::{Outcome, ensure, failed, random_split, trial};

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
}

pub fn trials() -> Vec<Trial> {
    let faults = [
        Fault::Sum,
        Fault::Count,
        Fault::Distance,
        Fault::Label,
        Fault::Doubt,
        Fault::LeaveOneOut,
    ];
    let mut trials = vec![trial("controls without a fault pass", || run(Fault::None))];
    trials.extend(faults.map(|fault| {
        trial(format!("controls find a wrong {fault:?}"), move || {
            let found = run(fault).is_err();
            ensure(found, || format!("{fault:?} went unnoticed"))
        })
    }));
    for fault in [
        Fault::Sum,
        Fault::Count,
        Fault::Distance,
        Fault::Label,
        Fault::Doubt,
    ] {
        trials.push(trial(
            format!("controls known answers find a wrong {fault:?}"),
            move || known_answers(fault),
        ));
    }
    trials.push(trial("controls known answers pass without a fault", || {
        let faulty = Faulty {
            cpu: Cpu::default(),
            fault: Fault::None,
        };
        ncm::internals::backends::known_answer::check(&faulty).map_err(failed)
    }));
    trials.push(trial(
        "controls find distances to other means",
        distances_to_other_means,
    ));
    trials.push(trial("controls find a missing decision", missing_decision));
    trials
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
            let text = error.to_string();
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

    fn bandwidth(&self) -> Result<Bandwidth> {
        self.cpu.bandwidth()
    }
}

impl Resident for FaultyImages<'_> {
    fn split(&self) -> &Split {
        self.images.split()
    }

    fn class_sums(&self) -> Result<ClassSums> {
        let sums = self.images.class_sums()?;
        let mut counts = sums.counts().to_vec();
        let mut all: Vec<u64> = (0..sums.classes())
            .flat_map(|class| sums.sum(class).to_vec())
            .collect();
        match self.fault {
            Fault::Sum => all[7] += 1,
            Fault::Count => counts[3] += 1,
            _ => {}
        }
        ClassSums::new(sums.dim(), counts, all)
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

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Vec<Decision>>> {
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
        let decision = &mut answers[last][20];
        match self.fault {
            Fault::Label => *decision = Decision::new((decision.class() + 1) % 4, true),
            Fault::Doubt => *decision = Decision::new(decision.class(), false),
            _ => {}
        }
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
fn distances_to_other_means() -> Outcome {
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

fn missing_decision() -> Outcome {
    let split = random_split(55, 20, 30, 4);
    cpu_answers(&split, |resident, model| {
        let question = Question::plain(model);
        let mut decisions = resident.nearest(&[question]).map_err(failed)?.remove(0);
        check_decisions(&decisions, &split, &[&split], &question)?;
        decisions.pop();
        let unnoticed = check_decisions(&decisions, &split, &[&split], &question).is_ok();
        ensure(!unnoticed, || "a missing decision went unnoticed".into())
    })
}
