//! What a picture shows.

/// A picture as rows of colours.
pub(crate) struct Pixels {
    pub(crate) width: usize,
    pub(crate) height: usize,
    colours: Vec<[u8; 3]>,
}

impl Pixels {
    pub(crate) fn of(png: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::STRIP_16 | png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        let samples = info.color_type.samples();
        assert!(samples >= 3, "a picture in colours, not {:?}", info.color_type);
        let colours = bytes[..info.buffer_size()].chunks_exact(samples).map(|one| [one[0], one[1], one[2]]);
        Self { width: info.width as usize, height: info.height as usize, colours: colours.collect() }
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> [u8; 3] {
        self.colours[y * self.width + x]
    }

    pub(crate) fn rows(&self, from: usize, to: usize) -> &[[u8; 3]] {
        &self.colours[from * self.width..to * self.width]
    }

    pub(crate) fn count(&self, colour: [u8; 3]) -> usize {
        self.colours.iter().filter(|one| **one == colour).count()
    }
}
