//! What is generated is what the generator makes.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::rig::Folder;

#[test]
fn generating_again_changes_nothing() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = Folder::new();
    let done = Command::new(crate_folder.join("generate.sh")).arg(&fresh.0).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let files = ["src/v1.rs", "src/methods.rs", "src/policy.rs"].into_iter();
    for file in files.chain(["tests/all/stubs/calls.rs", "tests/all/stubs/services.rs"]) {
        let [made, kept] = [fresh.0.as_path(), crate_folder]
            .map(|folder| fs::read_to_string(folder.join(file)).unwrap());
        assert!(made == kept, "{file} is out of date; run clients/rust/generate.sh");
        assert!(kept.lines().next().unwrap().contains("@generated"), "{file}");
    }
}
