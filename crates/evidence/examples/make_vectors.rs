//! Writes the vectors of this crate under `vectors/`; not part of the library.
//!
//! Run it only when a format gains a vector: a changed good vector is a broken format.

#![allow(clippy::unwrap_used, reason = "a developer's tool, shared with the tests")]

#[path = "../tests/main/vectors/mod.rs"]
mod vectors;

#[allow(clippy::disallowed_methods, reason = "a developer's tool: vectors need no durable write")]
fn main() -> std::io::Result<()> {
    for (name, bytes) in vectors::all() {
        let path = vectors::folder().join(name);
        std::fs::create_dir_all(path.parent().expect("invariant: a vector lies in a folder"))?;
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
