//! Models as files, and those that the program carries.

mod bad;

use std::path::Path;

use ncm::internals::backends::Backend;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::classifier::look::Look;
use ncm::internals::classifier::model::{Inside, ModelFile, inside};
use ncm::internals::data::Source;
use ncm::internals::data::shard::{Shard, digest};
use ncm::{Dataset, LevelSums, Model, Shape};

use crate::support::{Outcome, ensure, failed, mnist};

fn small() -> Result<ModelFile, String> {
    // A class without images, and one of more than 32 bits count.
    let of_classes = [[3, 0, 0, 1, 2, 5], [0; 6], [9, 8, 7, 1 << 40, 5, 4]];
    let sums = LevelSums::new(6, vec![2, 0, 1 << 33], of_classes.concat());
    let sums = sums.map_err(failed)?;
    let shape = Shape::Image {
        rows: 2,
        columns: 3,
    };
    let shard = |digest, samples| Shard {
        digest,
        samples,
        classes: 3,
        dataset: "ein Übungssatz".into(),
        set: "train".into(),
        rows: None,
    };
    Ok(ModelFile {
        values: "u8".into(),
        class_names: ["a", "Größe", "c d"].map(String::from).to_vec(),
        shards: Some(vec![shard(7, 2), shard(1 << 127, 1 << 33)]),
        ..ModelFile::new(
            "ein Übungssatz",
            shape,
            Model::new("train", sums).map_err(failed)?,
        )
    })
}

fn read(bytes: &[u8]) -> ncm::Result<ModelFile> {
    ModelFile::from_bytes(bytes, Path::new("some.npz"))
}

#[test]
fn come_back_from_their_files() -> Outcome {
    let model = small()?;
    let bytes = model.bytes().map_err(failed)?;
    ensure(bytes == model.bytes().map_err(failed)?, || {
        "other bytes the second time".into()
    })?;
    let found = read(&bytes).map_err(failed)?;
    ensure(found == model, || format!("{found:?}"))
}

/// What images look like comes back as well, and is refused where it is not that
/// of the images in the sums.
#[test]
fn know_what_their_images_look_like() -> Outcome {
    let histogram = |counts: &[(usize, u64)]| {
        let mut histogram = [0; 256];
        counts
            .iter()
            .for_each(|&(level, count)| histogram[level] = count);
        histogram
    };
    let file = |look: Look| {
        let sums = LevelSums::new(2, vec![1, 1], vec![10, 0, 0, 3])?;
        let shape = Shape::Image {
            rows: 1,
            columns: 2,
        };
        let model = Model::new("train", sums)?.with_look(look)?;
        Ok(ModelFile::new("some", shape, model))
    };
    let all = [(0, 2), (3, 1), (10, 1)];
    let right = || Look::new(histogram(&all), histogram(&all));
    let model: ncm::Result<ModelFile> = file(right());
    let model = model.map_err(failed)?;
    let found = read(&model.bytes().map_err(failed)?).map_err(failed)?;
    ensure(
        found == model && found.model.look() == Some(&right()),
        || format!("{found:?}"),
    )?;
    for (all, outermost) in [
        // Of fewer pixels, of other sums, of more outermost pixels than there are.
        (&[(0, 1), (3, 1), (10, 1)][..], &all[..]),
        (&[(0, 2), (4, 1), (10, 1)], &[(0, 2)]),
        (&all, &[(0, 4)]),
        (&all, &[(0, 1)]),
        (&all, &[]),
    ] {
        let look = Look::new(histogram(all), histogram(outermost));
        let refused: ncm::Result<ModelFile> = file(look);
        ensure(refused.is_err(), || {
            format!("{all:?} and {outermost:?} are taken")
        })?;
    }
    Ok(())
}

#[test]
fn inside_are_mnists_by_shape_and_count() -> Outcome {
    for (which, images, name) in [
        (Inside::Train, 60_000, "train"),
        (Inside::TrainAndTest, 70_000, "train+test"),
    ] {
        let file = inside(which);
        let sums = file.model.sums();
        let found = (
            sums.samples(),
            file.model.trained_on(),
            file.shape.image_size(),
            &*file.dataset,
        );
        ensure(found == (images, name, Some([28, 28]), "mnist"), || {
            format!("{found:?}")
        })?;
        ensure(sums.classes() == 10, || sums.classes().to_string())?;
    }
    Ok(())
}

/// What `ncm means --save` would write now is what is inside.
#[test]
fn inside_are_mnists_bit_for_bit() -> Outcome {
    let Some(folder) = mnist::needed()? else {
        return Ok(());
    };
    let mnist = Dataset::from_folder(&folder).map_err(failed)?;
    let cpu = Cpu::default();
    let of = |source: &Source| {
        let split = source.whole().ok_or("not in memory")?;
        let resident = cpu.upload(split).map_err(failed)?;
        resident.class_sums().map_err(failed)
    };
    let [train, test] = [of(mnist.train())?, of(mnist.test())?];
    let both = &train + &test;
    let look = |source| Look::of(source).map_err(failed);
    let [look_of_train, look_of_test] = [look(mnist.train())?, look(mnist.test())?];
    let mut look_of_both = look_of_train.clone();
    look_of_both += &look_of_test;
    let shard = |set: &str, source: &Source| {
        Ok(Shard {
            digest: digest(source, "u8", &[], |_| {}).map_err(failed)?,
            samples: source.len() as u64,
            classes: 10,
            dataset: "mnist".into(),
            set: set.into(),
            rows: None,
        })
    };
    let seen: [Result<Shard, String>; 2] =
        [shard("train", mnist.train()), shard("test", mnist.test())];
    let [of_train, of_test] = seen;
    let (of_train, of_test) = (of_train?, of_test?);
    let mut of_both = vec![of_train.clone(), of_test];
    of_both.sort_unstable();
    for (which, name, sums, look, shards) in [
        (Inside::Train, "train", train, look_of_train, vec![of_train]),
        (
            Inside::TrainAndTest,
            "train+test",
            both,
            look_of_both,
            of_both,
        ),
    ] {
        let shape = Shape::Image {
            rows: 28,
            columns: 28,
        };
        let model = Model::new(name, sums).and_then(|model| model.with_look(look));
        let file = ModelFile {
            values: "u8".into(),
            shards: Some(shards),
            ..ModelFile::new("mnist", shape, model.map_err(failed)?)
        };
        ensure(file == inside(which), || format!("{name} has other sums"))?;
        ensure(file.bytes().map_err(failed)? == which.bytes(), || {
            format!("{name} is another file")
        })?;
    }
    Ok(())
}
