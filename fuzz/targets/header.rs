#![no_main]

libfuzzer_sys::fuzz_target!(|content: &str| quarterdeck::intake::fuzzing::header(content));
