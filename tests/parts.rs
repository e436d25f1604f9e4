//! Parts of datasets: whatever the samples, the cuts and the order, they add up to the bytes
//! of the whole, and come off again.

use ncm::internals::classifier::model::{ModelFile, Parts};
use ncm::internals::data::recipe::Recipe;
use ncm::internals::data::shard::{Origin, Rows};

use crate::support::whole::{Whole, every_kind, in_a_tree, merge_to_the_whole, on_host};
use crate::support::{Outcome, Random, ensure, failed};

/// Of the host's sums; those of every backend are in `backends/parts.rs`.
#[test]
fn add_up_to_the_bytes_of_the_whole_in_any_tree() -> Outcome {
    merge_to_the_whole(17, 20, &on_host)
}

#[test]
fn come_off_to_the_bytes_of_never_having_been_there() -> Outcome {
    let mut random = Random(18);
    for recipe in every_kind() {
        let whole = Whole::new(&mut random, recipe);
        let parts = loop {
            let parts = whole.parts(&mut random, &on_host)?;
            if parts.len() > 2 {
                break parts;
            }
        };
        let never = in_a_tree(parts[1..].to_vec(), &mut random)?;
        let mut all = Parts::new(in_a_tree(parts.clone(), &mut random)?).map_err(failed)?;
        all.remove(&parts[0]).map_err(failed)?;
        ensure(all.remove(&parts[0]).is_err(), || "taken out twice".into())?;
        let left = all.finish().map_err(failed)?.bytes().map_err(failed)?;
        ensure(left == never.bytes().map_err(failed)?, || {
            format!("{recipe:?}")
        })?;
    }
    Ok(())
}

#[test]
fn of_other_kinds_or_the_same_samples_are_refused() -> Outcome {
    let mut random = Random(19);
    let whole = Whole::new(&mut random, Some(Recipe::L2n));
    let half = whole.len() / 2;
    let (one, other) = (
        whole.part(0..half, &on_host)?,
        whole.part(half..2 * half, &on_host)?,
    );
    let unknown = ModelFile {
        shards: None,
        ..other.clone()
    };
    ensure(Parts::new(unknown.clone()).is_err(), || "unknown".into())?;
    let mut parts = Parts::new(one.clone()).map_err(failed)?;
    let mut as_other = Whole::new(&mut Random(19), Some(Recipe::L2n));
    as_other.recipe = Recipe::Icarl;
    let names = ModelFile {
        class_names: (0..other.model.sums().classes())
            .map(|it| it.to_string())
            .collect(),
        ..other.clone()
    };
    let values = ModelFile {
        values: "f16".into(),
        ..other.clone()
    };
    for (what, part) in [
        ("unknown", unknown),
        ("another recipe", as_other.part(half..2 * half, &on_host)?),
        ("names", names),
        ("values", values),
        (
            "images",
            Whole::new(&mut random, None).part(0..3, &on_host)?,
        ),
    ] {
        ensure(parts.add(&part).is_err(), || what.into())?;
        ensure(parts.remove(&part).is_err() != (what == "the same"), || {
            format!("{what} comes off")
        })?;
    }
    Ok(())
}

#[test]
fn classes_of_names_are_united_by_these() -> Outcome {
    let mut random = Random(20);
    let whole = Whole::new(&mut random, None);
    let half = whole.len() / 2;
    let named = |rows, names: [&str; 6]| -> Result<ModelFile, String> {
        let part = whole.part(rows, &on_host)?;
        let classes = part.model.sums().classes();
        Ok(ModelFile {
            class_names: names[..classes].iter().map(ToString::to_string).collect(),
            ..part
        })
    };
    let one = named(0..half, ["b", "c", "e", "g", "x", "y"])?;
    let other = named(half..2 * half, ["a", "c", "d", "g", "w", "y"])?;
    let mut parts = Parts::new(one.clone()).map_err(failed)?;
    parts.add(&other).map_err(failed)?;
    let both = parts.finish().map_err(failed)?;
    for (place, name) in both.class_names.iter().enumerate() {
        let mut count = 0;
        for part in [&one, &other] {
            let class = part.class_names.iter().position(|it| it == name);
            count += class.map_or(0, |class| part.model.sums().count(class));
        }
        let found = both.model.sums().count(place);
        ensure(found == count && count > 0, || {
            format!("{name}: {found}, not {count}")
        })?;
    }
    ensure(both.class_names.is_sorted(), || {
        format!("{:?}", both.class_names)
    })
}

#[test]
fn without_samples_change_nothing() -> Outcome {
    let mut random = Random(21);
    for recipe in every_kind() {
        let whole = Whole::new(&mut random, recipe);
        let part = whole.part(0..whole.len() / 2, &on_host)?;
        let mut none = Parts::new(part.clone()).map_err(failed)?;
        none.remove(&part).map_err(failed)?;
        let none = none.finish().map_err(failed)?;
        // As it comes back from its file, which is no model to ask.
        let bytes = none.bytes().map_err(failed)?;
        let read = || std::io::Cursor::new(&bytes);
        let none = ModelFile::part_in(read(), "none.npz".as_ref()).map_err(failed)?;
        ensure(
            ModelFile::from_bytes(&bytes, "none.npz".as_ref()).is_err(),
            || "a model of nothing".into(),
        )?;
        let other = whole.part(whole.len() / 2..whole.len(), &on_host)?;
        let other_bytes = other.bytes().map_err(failed)?;
        for (first, second, expected) in [
            (&none, &other, &other_bytes),
            (&other, &none, &other_bytes),
            (&none, &none, &bytes),
        ] {
            let mut parts = Parts::new(first.clone()).map_err(failed)?;
            parts.add(second).map_err(failed)?;
            parts.remove(&none).map_err(failed)?;
            let found = parts.finish().map_err(failed)?.bytes().map_err(failed)?;
            ensure(found == *expected, || format!("{recipe:?}"))?;
        }
        let named = ModelFile {
            class_names: (0..other.model.sums().classes())
                .map(|it| it.to_string())
                .collect(),
            ..other
        };
        let mut parts = Parts::new(none).map_err(failed)?;
        parts.add(&named).map_err(failed)?;
    }
    Ok(())
}

#[test]
fn rows_of_a_source_are_added_once() -> Outcome {
    let mut random = Random(22);
    let whole = Whole::new(&mut random, None);
    let origin = Origin {
        length: 7,
        digest: 9,
    };
    let rows = |first: usize, end: usize| -> Result<ModelFile, String> {
        let mut part = whole.part(first..end, &on_host)?;
        for shard in part.shards.iter_mut().flatten() {
            let (first, end) = (first as u64, end as u64);
            shard.rows = Some(Rows { first, end, origin });
        }
        // Rows are kept in files.
        let bytes = part.bytes().map_err(failed)?;
        let read = ModelFile::from_bytes(&bytes, "rows.npz".as_ref()).map_err(failed)?;
        ensure(read == part, || "other rows".into())?;
        Ok(read)
    };
    let mut parts = Parts::new(rows(0, 5)?).map_err(failed)?;
    parts.add(&rows(9, 12)?).map_err(failed)?;
    for (first, end) in [(4, 6), (0, 5), (2, 3), (8, 10), (0, 15)] {
        ensure(parts.add(&rows(first, end)?).is_err(), || {
            format!("{first}..{end} are there")
        })?;
    }
    parts.add(&rows(5, 9)?).map_err(failed)?;
    let sums = parts.finish().map_err(failed)?.model.sums().clone();
    let all = whole.part(0..12, &on_host)?;
    ensure(sums == *all.model.sums(), || "other sums".into())
}
