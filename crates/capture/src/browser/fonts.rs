//! Fonts: a browser on a machine without Chinese fonts would render evidence as boxes.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a fontconfig file that adds `fonts` to the machine's own and makes them the last resort for Chinese.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn configuration(profile: &Path, fonts: &Path) -> std::io::Result<PathBuf> {
    let path = profile.join("sigu-fonts.conf");
    let text = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n\
         <include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include>\n<dir>{}</dir>\n</fontconfig>\n",
        escaped(&fonts.display().to_string()),
    );
    #[allow(clippy::disallowed_methods, reason = "made anew at every start; nothing is lost with it")]
    let mut file = std::fs::File::create(&path)?;
    file.write_all(text.as_bytes())?;
    Ok(path)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_signs_of_xml_in_its_name_stays_one_folder() {
        let profile = tempfile::tempdir().unwrap();
        let path = configuration(profile.path(), Path::new("/a & <b>")).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains("<dir>/a &amp; &lt;b&gt;</dir>"), "{text}");
    }
}
