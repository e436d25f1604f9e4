//! The shaders' text: valid, as Rust believes it to be, and with every twin.

use std::path::{Path, PathBuf};

use ncm::internals::backends::gpu::kernel::{Binding, Shader};
use ncm::internals::backends::gpu::{FLOAT_SHADERS, SHADERS, YARDSTICK};
use ncm::internals::classifier::certainty::ENTRIES;
use wgpu::naga::valid::{Capabilities, ValidationFlags, Validator};
use wgpu::naga::{AddressSpace, Expression, Literal, Module, StorageAccess, front::wgsl};

use crate::support::{Outcome, ensure, failed};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[test]
fn folder_and_rust_name_the_same_ones() -> Outcome {
    let entries = std::fs::read_dir(root().join("shaders")).map_err(failed)?;
    let mut found: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    found.sort();
    let mut known: Vec<_> = all()
        .map(|shader| format!("{}.wgsl", shader.name))
        .collect();
    known.sort();
    ensure(found == known, || {
        format!("shaders/ holds {found:?}, Rust knows {known:?}")
    })
}

#[test]
fn are_valid() -> Outcome {
    each(valid)
}

#[test]
fn have_the_bindings_rust_gives_them() -> Outcome {
    each(bindings)
}

#[test]
fn have_the_workgroup_size_rust_divides_by() -> Outcome {
    each(workgroup)
}

#[test]
fn have_the_overrides_rust_sets() -> Outcome {
    each(overrides)
}

#[test]
fn have_a_header_and_every_twin() -> Outcome {
    each(header_and_twins)
}

/// Every shader.
fn all() -> impl Iterator<Item = &'static Shader> {
    SHADERS.into_iter().chain(FLOAT_SHADERS).chain([YARDSTICK])
}

/// A check of each shader.
fn each(check: fn(&Shader) -> Outcome) -> Outcome {
    let check =
        |shader: &Shader| check(shader).map_err(|wrong| format!("{}: {wrong}", shader.name));
    all().try_for_each(check)
}

/// The one length that both sides write down.
#[test]
fn nearest_has_a_doubt_for_each_number_of_bits() -> Outcome {
    let module = parsed(SHADERS[2])?;
    let mut constants = module.constants.iter();
    let entries = constants.find(|(_, constant)| constant.name.as_deref() == Some("ENTRIES"));
    let (_, entries) = entries.ok_or("there is no number of them")?;
    let found = match module.global_expressions[entries.init] {
        Expression::Literal(Literal::U32(number)) => number as usize,
        ref other => return Err(format!("their number is {other:?}")),
    };
    ensure(found == ENTRIES, || {
        format!("the shader has {found}, Rust {ENTRIES}")
    })
}

fn parsed(shader: &Shader) -> Result<Module, String> {
    wgsl::parse_str(shader.source).map_err(|error| error.emit_to_string(shader.source))
}

/// With no capability that WebGPU does not have everywhere.
fn valid(shader: &Shader) -> Outcome {
    let module = parsed(shader)?;
    Validator::new(ValidationFlags::all(), Capabilities::empty())
        .validate(&module)
        .map(|_| ())
        .map_err(|error| error.emit_to_string(shader.source))
}

fn bindings(shader: &Shader) -> Outcome {
    let module = parsed(shader)?;
    let mut found = Vec::new();
    for (_, variable) in module.global_variables.iter() {
        let Some(place) = &variable.binding else {
            continue;
        };
        ensure(place.group == 0, || {
            format!("{:?} is in group {}", variable.name, place.group)
        })?;
        let kind = match variable.space {
            AddressSpace::Uniform => Binding::Uniform,
            AddressSpace::Storage { access } if access == StorageAccess::LOAD => Binding::Read,
            AddressSpace::Storage { .. } => Binding::ReadWrite,
            other => return Err(format!("{:?} is in {other:?}", variable.name)),
        };
        found.push((place.binding, kind));
    }
    found.sort_by_key(|&(binding, _)| binding);
    let expected: Vec<_> = (0..).zip(shader.bindings.iter().copied()).collect();
    ensure(found == expected, || {
        format!("the shader has {found:?}, Rust {expected:?}")
    })
}

fn workgroup(shader: &Shader) -> Outcome {
    let module = parsed(shader)?;
    let [entry] = &module.entry_points[..] else {
        return Err("not one entry point".into());
    };
    ensure(entry.name == shader.name, || {
        format!("the entry point is called {}", entry.name)
    })?;
    let expected = [shader.workgroup_size, 1, 1];
    ensure(entry.workgroup_size == expected, || {
        format!("{:?}, Rust has {expected:?}", entry.workgroup_size)
    })
}

fn overrides(shader: &Shader) -> Outcome {
    let module = parsed(shader)?;
    // What is computed from overrides, such as the length of an array, has no name.
    let mut found: Vec<String> = module
        .overrides
        .iter()
        .filter_map(|(_, value)| value.name.clone())
        .collect();
    let mut expected: Vec<_> = shader
        .constants
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    found.sort();
    expected.sort();
    ensure(found == expected, || {
        format!("the shader has {found:?}, Rust sets {expected:?}")
    })
}

fn header_and_twins(shader: &Shader) -> Outcome {
    let name = shader.name;
    let header: String = shader
        .source
        .lines()
        .take_while(|line| line.starts_with("//"))
        .collect();
    ensure(header.starts_with(&format!("// {name}: ")), || {
        "no title".into()
    })?;
    for section in [
        "Formula",
        "One invocation",
        "Bindings",
        "Exactness",
        "Twins",
    ] {
        ensure(header.contains(section), || {
            format!("its header has no {section:?}")
        })?;
    }
    let folders = [
        "src/backends/gpu",
        "src/backends/cpu",
        "tests/backends",
        "benches",
    ];
    // The yardstick is no stage that a test or a bench has a file for.
    let is_stage = YARDSTICK.name != name;
    let folders = if is_stage {
        &folders[..]
    } else {
        &folders[..2]
    };
    for folder in folders {
        let places = [
            format!("{folder}/{name}.rs"),
            format!("{folder}/{name}/mod.rs"),
        ];
        let twin = places.iter().find(|place| root().join(place).is_file());
        let twin = twin.ok_or_else(|| format!("{} is missing", places[0]))?;
        ensure(header.contains(twin.as_str()), || {
            format!("its header does not name {twin}")
        })?;
    }
    Ok(())
}
