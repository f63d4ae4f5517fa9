//! Tools that are not ours read our ZIP without complaint. They must be installed.

use std::process::Command;

use crate::built::good;

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program} must be installed and on the path: {error}"));
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}");
}

#[test]
fn unzip_and_python_accept_the_package() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zip");
    std::fs::write(&path, good().zip()).unwrap();
    let path = path.to_str().unwrap();
    run("unzip", &["-tqq", path]);
    let program = "import sys, zipfile as z; f = z.ZipFile(sys.argv[1]); assert f.testzip() is None
assert all(i.compress_type == 0 and i.date_time == (1980, 1, 1, 0, 0, 0) and i.flag_bits == 0x800 for i in f.infolist())";
    run("python3", &["-c", program, path]);
}
