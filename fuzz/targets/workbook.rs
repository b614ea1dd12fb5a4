//! The part before the first 0xFF, which no UTF-8 text has, is the sheet; the rest its shared texts.

#![no_main]

use std::sync::Once;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // A panic ends the fuzzer before it can be caught; one of calamine's own is not ours to find.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let ends = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let at = panic.location().map_or("", |at| at.file());
            if !at.contains("calamine") {
                ends(panic);
            }
        }));
    });
    let cut = bytes.iter().position(|byte| *byte == 0xFF);
    let (sheet, shared) = bytes.split_at(cut.unwrap_or(bytes.len()));
    quarterdeck::intake::fuzzing::workbook(sheet, shared.get(1..).unwrap_or_default());
});
