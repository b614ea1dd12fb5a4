#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| quarterdeck::intake::fuzzing::file(bytes));
