//! What tells the GPU drivers of this machine from those of another, or from the
//! same ones after an update.

use std::path::Path;

/// The installed drivers as a text that changes when they do.
pub(super) fn drivers() -> String {
    let mut text = String::new();
    system(&mut text);
    text
}

/// A line with a file's path, size and time.
fn file(text: &mut String, path: &Path) {
    let Ok(metadata) = path.metadata() else {
        return;
    };
    let changed = metadata.modified().ok();
    *text += &format!("{} {} {changed:?}\n", path.display(), metadata.len());
}

/// Manifests of Vulkan and the libraries that they name, the devices that there are,
/// and the variables that choose among them.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn system(text: &mut String) {
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["VK_", "LD_", "MESA_", "WGPU_"]
            .iter()
            .any(|start| name.starts_with(start))
        {
            *text += &format!("{name} {}\n", value.display());
        }
    }
    for folder in ["/dev/dri", "/dev"] {
        for device in linux::entries(Path::new(folder)) {
            let name = device.file_name().unwrap_or_default().to_string_lossy();
            if folder == "/dev/dri" || name.starts_with("nvidia") || name == "dxg" {
                *text += &format!("{}\n", device.display());
            }
        }
    }
    if let Some(loader) = linux::library("libvulkan.so.1", Path::new("/")) {
        file(text, &loader);
    }
    for manifest in linux::manifests() {
        file(text, &manifest);
        if let Some(library) = linux::library_of(&manifest) {
            file(text, &library);
        }
    }
}

/// Drivers come with the system.
#[cfg(target_vendor = "apple")]
fn system(text: &mut String) {
    file(
        text,
        Path::new("/System/Library/CoreServices/SystemVersion.plist"),
    );
}

/// The kernel and Vulkan's loader change with updates of the system and its drivers.
#[cfg(windows)]
fn system(text: &mut String) {
    let root = std::env::var_os("SystemRoot").unwrap_or_else(|| "C:\\Windows".into());
    for name in [
        "ntoskrnl.exe",
        "vulkan-1.dll",
        "nvapi64.dll",
        "amdvlk64.dll",
        "igvk64.dll",
    ] {
        file(text, &Path::new(&root).join("System32").join(name));
    }
}

#[cfg(all(unix, not(target_vendor = "apple")))]
mod linux {
    use std::path::{Path, PathBuf};

    /// Where manifests are looked for, below the folders of configuration and data.
    const BELOW: [&str; 2] = ["vulkan/icd.d", "vulkan/implicit_layer.d"];

    /// The entries of a folder in order; none where it cannot be read.
    pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths
    }

    /// The manifests of drivers and of the layers that are always there.
    pub(super) fn manifests() -> Vec<PathBuf> {
        let named = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_ADD_DRIVER_FILES"];
        let named = named.into_iter().flat_map(|name| paths(name, ""));
        let usual = bases()
            .into_iter()
            .flat_map(|base| BELOW.map(|below| base.join(below)));
        let each = named.chain(usual).flat_map(|path| match path.is_dir() {
            true => entries(&path),
            false => vec![path],
        });
        each.filter(|path| path.extension().is_some_and(|it| it == "json"))
            .collect()
    }

    /// The folders of configuration and data, as the loader has them.
    fn bases() -> Vec<PathBuf> {
        let home = std::env::home_dir().unwrap_or_default();
        let own = |name, usual: &str| match std::env::var_os(name) {
            Some(path) if !path.is_empty() => PathBuf::from(path),
            _ => home.join(usual),
        };
        let mut bases = vec![
            own("XDG_CONFIG_HOME", ".config"),
            own("XDG_DATA_HOME", ".local/share"),
            PathBuf::from("/etc"),
        ];
        bases.extend(paths("XDG_CONFIG_DIRS", "/etc/xdg"));
        bases.extend(paths("XDG_DATA_DIRS", "/usr/local/share:/usr/share"));
        bases
    }

    /// The paths in a variable, or else in `usual`.
    fn paths(name: &str, usual: &str) -> Vec<PathBuf> {
        let set = std::env::var_os(name).filter(|value| !value.is_empty());
        let value = set.unwrap_or_else(|| usual.into());
        std::env::split_paths(&value)
            .filter(|path| !path.as_os_str().is_empty())
            .collect()
    }

    /// The library that a manifest names.
    pub(super) fn library_of(manifest: &Path) -> Option<PathBuf> {
        let text = std::fs::read_to_string(manifest).ok()?;
        let json: serde_json::Value = serde_json::from_str(&text).ok()?;
        let part = json.get("ICD").or_else(|| json.get("layer"))?;
        let name = part.get("library_path")?.as_str()?;
        library(name, manifest.parent()?)
    }

    /// A library by its path, which may start from a folder, or by its name alone.
    pub(super) fn library(name: &str, folder: &Path) -> Option<PathBuf> {
        if name.contains('/') {
            return Some(folder.join(name));
        }
        let usual = ["/usr/local/lib", "/lib64", "/usr/lib64", "/lib", "/usr/lib"];
        let usual = usual.map(PathBuf::from).into_iter();
        // Debian and Ubuntu have a folder for each kind of processor.
        let multiarch = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
        let folders = paths("LD_LIBRARY_PATH", "").into_iter();
        let folders = folders.chain([multiarch.into()]).chain(usual);
        folders
            .map(|folder| folder.join(name))
            .find(|path| path.exists())
    }
}
