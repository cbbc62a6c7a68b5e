//! The gate as a Rust function: what a program does that knows its rules when it is compiled.

use super::{Cases, Ids, Loader, Peer, answer, ids};
use crate::gate::{self, Document};
use crate::rule::Row;

pub const LOADER: Loader = Loader {
    name: "Rust by hand",
    render: |_| Vec::new(),
    load: |_, rules| Box::new(Handwritten { ids: ids(rules), documents: Vec::new() }),
    rules_max: 20,
};

struct Handwritten {
    ids: Ids,
    documents: Vec<Document>,
}

fn bits(mut word: u32) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros();
            word &= word - 1;
            bit
        })
    })
}

impl Peer for Handwritten {
    fn prepare(&mut self, cases: &Cases) {
        self.documents = cases.rows.iter().map(Document::of).collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        bits(gate::violated(&self.documents[row])).collect()
    }

    fn matched(&mut self, row: usize) -> usize {
        gate::violated(&self.documents[row]).count_ones() as usize
    }

    fn checked(&mut self, row: &Row) -> usize {
        gate::violated(&Document::of(row)).count_ones() as usize
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let document: Document = serde_json::from_str(document).expect("a document");
        answer(bits(gate::violated(&document)).map(|rule| &*self.ids[rule as usize]), out);
    }
}
