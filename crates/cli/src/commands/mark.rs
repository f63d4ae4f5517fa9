//! `sigu mark`: a copy of a picture with arrows, boxes, numbers and covers; the original stays as it was (S31, S32).

use serde_json::json;
use sigu_documents::mark::{self, Area, Mark, Point};
use sigu_evidence::ContentId;
use sigu_server::refusing::{of_mark, of_unmarked};
use sigu_server::{answers, marking};
use zeroize::Zeroizing;

use super::{advise, item_id, write_private};
use crate::args::mark::MarkArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &MarkArgs) -> Outcome {
    let item = item_id(&own.item)?;
    let marks = marks(own)?;
    session::with(context, |vault| {
        let (order, _) = advise::load(vault, &own.order)?;
        let manifest = marking::original(&order, item).map_err(|why| of_unmarked(&order, item, why))?;
        let covers = marks.iter().any(Mark::covers);
        if manifest.secret && !covers {
            return Err(Problem::refused("refused-mark-uncovered", &[("item", item.to_string())]));
        }
        let bytes = Zeroizing::new(vault.content(item)?);
        let drawn = mark::draw(&bytes, &marks).map_err(|error| of_mark(&error))?;
        let file = marking::file(item, manifest, drawn);
        let place = own.out.clone().unwrap_or_else(|| file.name.clone().into());
        write_private(&place, &file.bytes)?;
        let texts: Vec<String> = marks.iter().map(ToString::to_string).collect();
        let copy = marking::fix(vault, &order, item, &file, &marks, clock::now())?;
        let values = [
            ("path", place.display().to_string()),
            ("copy", copy.to_string()),
            ("item", item.to_string()),
            ("digest", manifest.content.prefix8()),
        ];
        let mut json = answers::json(&answers::Marked {
            item: copy,
            of: item,
            covers,
            marks: texts,
            bytes: file.bytes.len(),
            sha256: ContentId::of(&file.bytes).to_string(),
            sha256_of_original: manifest.content.prefix8(),
        });
        json["path"] = json!(place);
        Ok(Answer::new(told(context.words, covers, &values), json))
    })
}

fn told(words: &Words, covers: bool, values: &[(&'static str, String)]) -> String {
    let made = words.say("mark-made", values);
    if covers { format!("{made}\n{}", words.word("mark-look")) } else { made }
}

/// What the marks are, as they were asked for; covers first, as they are painted.
fn marks(own: &MarkArgs) -> Result<Vec<Mark>, Problem> {
    let mut marks = Vec::new();
    for text in &own.covers {
        marks.push(Mark::Cover(area("--cover", text)?));
    }
    for text in &own.mosaics {
        marks.push(Mark::Mosaic(area("--mosaic", text)?));
    }
    for text in &own.frames {
        marks.push(Mark::Box(area("--box", text)?));
    }
    for text in &own.arrows {
        let [x, y, x2, y2] = numbers("--arrow", text, "X,Y,X2,Y2")?;
        marks.push(Mark::Arrow { from: Point { x, y }, to: Point { x: x2, y: y2 } });
    }
    for text in &own.numbers {
        let [number, x, y] = numbers("--number", text, "N,X,Y")?;
        // 0 is refused by name where it is drawn, and so is what is no number of two digits.
        marks.push(Mark::Number { number: u8::try_from(number).unwrap_or(0), at: Point { x, y } });
    }
    Ok(marks)
}

fn area(arg: &str, text: &str) -> Result<Area, Problem> {
    let [x, y, width, height] = numbers(arg, text, "X,Y,W,H")?;
    Ok(Area { x, y, width, height })
}

/// Reads so many whole numbers with commas between them.
fn numbers<const COUNT: usize>(arg: &str, text: &str, form: &str) -> Result<[u32; COUNT], Problem> {
    let read: Result<Vec<u32>, _> = text.split(',').map(|part| part.trim().parse::<u32>()).collect();
    let read = read.ok().and_then(|read| <[u32; COUNT]>::try_from(read).ok());
    read.ok_or_else(|| {
        let values = [("arg", arg.to_owned()), ("value", text.to_owned()), ("form", form.to_owned())];
        Problem::usage("usage-mark", &values)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_stand_or_not_at_all() {
        assert_eq!(numbers::<4>("--box", "1, 2,3,4", "").ok(), Some([1, 2, 3, 4]));
        for wrong in ["", "1,2,3", "1,2,3,4,5", "1,2,3,-4", "1,2,3,4.5", "1,2,3,99999999999"] {
            assert!(numbers::<4>("--box", wrong, "").is_err(), "{wrong}");
        }
    }
}
