//! What a user of `cts` sees.

mod account_store;
mod answers;
mod audience_files;
mod audiences;
mod ci;
mod codes;
mod config;
mod diff;
mod evidence;
mod first_pack;
mod hostile;
mod languages;
mod outputs;
mod own_pack;
mod pack_checks;
mod program_screen;
mod refusals;
mod schemas;
mod screen;
mod shown;
mod support;
mod verdicts;
mod waivers;
mod who;
