//! The example cases, recorded as the vault would, with the words of their evidence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sigu_case::history::{History, HistoryContent};
use sigu_case::{Event, House, ItemId, Order, Recorded, State, View, decide};
use sigu_documents::{Case, Kind, Lang, Made, Refused, Wishes, of_order};
use sigu_evidence::{ContentId, ItemManifest, Source};

const CASES: &str = include_str!("../../../case/tests/main/cases.yaml");

/// All five cases in one state, with the content of every item.
pub(crate) struct Cases {
    state: State,
    contents: BTreeMap<ItemId, Vec<u8>>,
    logged_at: BTreeMap<ItemId, Timestamp>,
}

fn manifest(text: &str) -> ItemManifest {
    ItemManifest {
        content: ContentId::of(text.as_bytes()),
        size: text.len() as u64,
        media_type: "text/plain".into(),
        file_name: None,
        source: Source::File,
        modified_at: None,
        secret: false,
        masked: None,
    }
}

impl Cases {
    pub(crate) fn told() -> Self {
        let at: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        let history = History::parse(CASES, at).unwrap();
        let texts: Vec<String> = history
            .evidence()
            .map(|one| match &one.content {
                HistoryContent::Noted(text) => text.clone(),
                HistoryContent::File(name) => panic!("the cases have no files: {name}"),
            })
            .collect();
        let by_digest: BTreeMap<String, &String> =
            texts.iter().map(|text| (ContentId::of(text.as_bytes()).to_string(), text)).collect();
        let manifests = texts.iter().map(|text| Some(manifest(text))).collect();
        let (mut state, mut seq) = (State::default(), 1);
        let mut logged_at = BTreeMap::new();
        for command in history.commands(ItemId::new(1, 1), manifests) {
            for event in decide(&state, &command, at).unwrap() {
                let item = ItemId::new(1, seq);
                state.apply(Recorded { item, at, event: Event::clone(&event) });
                logged_at.insert(item, at);
                seq += 1;
            }
        }
        let exhibits = state.orders().flat_map(|order| &order.exhibits);
        let contents = exhibits
            .filter_map(|one| {
                let text = by_digest.get(&one.manifest()?.content.to_string())?;
                Some((one.item, text.as_bytes().to_vec()))
            })
            .collect();
        Self { state, contents, logged_at }
    }

    pub(crate) fn paper(&self, id: &str, kind: Kind, lang: Lang) -> Result<Made, Refused> {
        self.paper_of(self.state.order(&id.parse().unwrap()).unwrap(), kind, lang)
    }

    pub(crate) fn paper_of(&self, order: &Order, kind: Kind, lang: Lang) -> Result<Made, Refused> {
        let house = House::of(&self.state);
        let view = View::new(order, &house, "2026-11-22T08:00:00Z".parse().unwrap());
        let content = |item: ItemId| self.contents.get(&item).cloned();
        let wishes = Wishes::default();
        of_order(
            kind,
            &Case { view: &view, content: &content, logged_at: &self.logged_at, wishes: &wishes },
            lang,
        )
    }
}

/// Keeps a paper below the build's folder, for other programs to read and for people to look at.
#[allow(clippy::disallowed_methods, reason = "a file of a test need not be durable")]
pub(crate) fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
