//! Every code a look at a file can give, in one table, with its meaning.
//!
//! Messages name these codes, so a code is never changed, only added.

/// Declares constants and the table of them at once, so that neither can lack a line.
macro_rules! table {
    ($(#[$doc:meta])* $module:ident { $($name:ident = $code:literal, $meaning:literal;)* }) => {
        $(#[$doc])*
        pub mod $module {
            $(#[doc = $meaning] pub const $name: &str = $code;)*

            /// All codes of this sort and what each means, in one line of English.
            pub const ALL: &[(&str, &str)] = &[$(($code, $meaning)),*];
        }
    };
}

table! {
    /// Who said a time.
    clock {
        EXIF_ORIGINAL = "exif.DateTimeOriginal", "When the camera says the picture was taken.";
        EXIF_DIGITIZED = "exif.DateTimeDigitized", "When the camera says the picture was stored as data.";
        EXIF_CHANGED = "exif.DateTime", "When software last changed the picture, by EXIF.";
        PNG_TIME = "png.tIME", "When the PNG was last changed (UTC by its specification).";
        PNG_CREATION = "png.Creation Time", "When the PNG says it was made.";
        XMP_CREATED = "xmp.CreateDate", "When the XMP block says the document was made.";
        XMP_CHANGED = "xmp.ModifyDate", "When the XMP block says the document was last changed.";
        MP4_CREATED = "mp4.creation_time", "When the video's head says it was made (UTC).";
        MP4_CHANGED = "mp4.modification_time", "When the video's head says it was last changed (UTC).";
        CONTAINER_CREATED = "container.creation_time", "When another video container says it was made.";
        MAIL_DATE = "eml.Date", "When the sender's program says the mail was written.";
        MAIL_RECEIVED = "eml.Received", "When one mail server says it took the mail over.";
        MHTML_DATE = "mhtml.Date", "When the browser says it saved the page.";
        SINGLEFILE_SAVED = "singlefile.saved_date", "When SingleFile says it saved the page.";
        HAR_STARTED = "har.startedDateTime", "When the first or the last request of the recording began.";
        PDF_CREATED = "pdf.CreationDate", "When the PDF says it was made.";
        PDF_CHANGED = "pdf.ModDate", "When the PDF says it was last changed.";
        CHAT_FIRST = "chat.first", "The time beside the first message.";
        CHAT_LAST = "chat.last", "The time beside the last message.";
        BILL_EXPORTED = "bill.exported", "When the payment service says it made the bill.";
        NAME = "name", "The time inside the file's name.";
    }
}

table! {
    /// What a file says of itself.
    fact {
        BYTES = "file.bytes", "Size of the file in bytes.";
        ENCODING = "text.encoding", "Encoding the text was read in.";
        NAME_APP = "name.app", "App a phone wrote into the name of its screenshot.";
        NAME_SCREENSHOT = "name.screenshot", "The name is one that a system gives to screenshots.";
        WIDTH = "width", "Width in pixels.";
        HEIGHT = "height", "Height in pixels.";
        DEVICE = "device", "Maker and model of the device.";
        SOFTWARE = "software", "Software that wrote the file.";
        DESCRIPTION = "description", "Description or comment inside the file.";
        PLACE = "place", "The file says where it was made; the place itself is not shown here.";
        DURATION = "duration", "Duration in seconds.";
        CODEC = "codec", "Codec of one stream.";
        STREAMS = "streams", "Number of streams.";
        MAIL_ID = "mail.message_id", "Message-ID.";
        MAIL_FROM = "mail.from_domain", "Domain of the From address.";
        MAIL_SUBJECT = "mail.subject", "Subject, with what looks like a secret masked.";
        MAIL_DKIM = "mail.dkim_domain", "Domain that signed by DKIM; the signature itself was not verified.";
        MAIL_HOPS = "mail.received_count", "Number of Received lines.";
        MAIL_ATTACHMENT = "mail.attachment", "Name, media type and size of one attachment.";
        PDF_VERSION = "pdf.version", "Version of PDF.";
        PDF_PRODUCER = "pdf.producer", "Software that produced the PDF.";
        PDF_CREATOR = "pdf.creator", "Software in which the document was written.";
        PDF_PAGES = "pdf.pages", "Number of pages the PDF claims.";
        PDF_SIGNED = "pdf.signatures", "Number of signature ranges; the signatures were not verified.";
        PDF_SAVES = "pdf.saves", "How many times the PDF was saved into itself.";
        HAR_CREATOR = "har.creator", "Program that recorded the HAR.";
        HAR_ENTRIES = "har.entries", "Number of requests recorded.";
        HAR_BODIES = "har.bodies", "Number of responses with a body.";
        HOST = "host", "A host the recording speaks of.";
        URL = "url", "Address of the page, without query, fragment and password.";
        TITLE = "title", "Title of the page, with what looks like a secret masked.";
        PARTS = "parts", "Number of parts.";
        CHAT_LAYOUT = "chat.layout", "Which program's layout the chat text has.";
        CHAT_WITH = "chat.with", "Name of the conversation.";
        CHAT_MESSAGES = "chat.messages", "Number of messages with a head line.";
        CHAT_SPEAKERS = "chat.speakers", "Number of different speakers.";
        CHAT_GAPS = "chat.gaps", "Number of silences over 12 hours.";
        CHAT_LONGEST_GAP = "chat.longest_gap_hours", "Longest silence in whole hours.";
        BILL_ISSUER = "bill.issuer", "Payment service that made the bill.";
        BILL_HOLDER = "bill.holder", "Account holder as printed, with the middle hidden.";
        BILL_FROM = "bill.from", "Begin of the period as printed.";
        BILL_TO = "bill.to", "End of the period as printed.";
        BILL_ROWS = "bill.rows", "Number of rows counted.";
        BILL_STATED_ROWS = "bill.stated_rows", "Number of rows the bill states.";
        BILL_COLUMNS = "bill.columns", "Heads of the columns.";
    }
}

table! {
    /// What a reader should know before relying on a file.
    finding {
        UNREADABLE = "file.unreadable", "The file could not be read to its end.";
        READ_IN_PART = "file.read_in_part", "The file is larger than what is looked at.";
        EMPTY = "file.empty", "The file is empty.";
        NAME_MISMATCH = "name.media_mismatch", "The name promises another kind than the content is.";
        TIME_NONE = "time.none", "Nothing in the file or its name says when it was made.";
        TIME_FUTURE = "time.future", "A time lies after now.";
        TIME_APART = "time.apart", "Times in the file and in its name lie more than a day apart.";
        IMAGE_CUT = "image.cut", "The picture ends early.";
        IMAGE_TRAILING = "image.trailing_bytes", "Bytes follow the end of the picture.";
        IMAGE_EDITED = "image.edited_with", "The picture names software that edits pictures.";
        IMAGE_CHANGED = "image.changed_after", "The picture was changed after it was taken.";
        VIDEO_CUT = "video.cut", "The video ends early, or its index is missing.";
        VIDEO_EDIT_LIST = "video.edit_list", "The container plays less or other than what was recorded.";
        VIDEO_GAP = "video.gap", "No picture for a while; a still screen can be the reason.";
        VIDEO_EDITED = "video.software_edited", "Software that cuts or converts videos wrote the file.";
        VIDEO_PARTLY = "video.not_examined", "Part of the video was not examined, and why.";
        MAIL_NO_RECEIVED = "eml.no_received", "No mail server says that the mail passed it.";
        MAIL_NO_DATE = "eml.no_date", "The mail has no readable date.";
        MAIL_NO_DKIM = "eml.no_dkim", "The mail carries no DKIM signature.";
        MAIL_OTHER_DKIM = "eml.dkim_other_domain", "The mail is signed by a domain other than the sender's.";
        MAIL_DATE_APART = "eml.date_apart", "Date and Received lie more than an hour apart.";
        MAIL_ORDER = "eml.received_out_of_order", "Received lines are not in the order of time.";
        PDF_CUT = "pdf.cut", "The PDF has no end mark.";
        PDF_ENCRYPTED = "pdf.encrypted", "The PDF is encrypted.";
        PDF_SAVED_AGAIN = "pdf.saved_again", "The PDF was changed by adding to its end.";
        PDF_MODIFIED = "pdf.modified_after", "The PDF was changed after it was made.";
        PDF_AFTER_SIGNING = "pdf.added_after_signing", "Bytes follow what the last signature covers.";
        HAR_CUT = "har.cut", "The HAR is not whole JSON.";
        HAR_NO_BODIES = "har.bodies_missing", "Responses with a stated size have no body.";
        HAR_ORDER = "har.out_of_order", "Requests are not in the order of time.";
        MHTML_CUT = "mhtml.cut", "The MHTML has no closing boundary.";
        MHTML_MISSING = "mhtml.part_missing", "The page shows resources that the file does not hold.";
        PAGE_CUT = "page.cut", "The saved page has no end tag.";
        TEXT_UNKNOWN = "text.encoding_unknown", "Some bytes are no text in any known encoding.";
        CHAT_GAP = "chat.gap", "The chat is silent for more than 12 hours.";
        CHAT_ORDER = "chat.out_of_order", "Messages are not in the order of time.";
        BILL_ROWS_DIFFER = "bill.rows_differ", "The bill holds another number of rows than it states.";
        BILL_OUTSIDE = "bill.row_outside_period", "A row lies outside the period of the bill.";
        BILL_NO_HEAD = "bill.no_head", "The bill's column heads were not found.";
        TO_VERIFY = "archive.to_verify", "An archive of another tool: its records are verified elsewhere.";
    }
}
