//! The end-to-end tests of the binary, and the tests of the house itself. One binary; the tidy test sees that no file is forgotten.
#![allow(clippy::disallowed_methods, reason = "tests set up the world that the product is handed")]

mod browse;
mod buying;
mod cases;
mod commands;
mod crash;
mod demo_tools;
mod desk;
mod doc;
mod fonts;
mod looked;
mod manual;
mod mark;
mod outsiders;
mod process;
mod requirements;
mod service;
mod ten_actions;
mod tidy;
mod verify;
mod watch;
mod window;
mod witness;
