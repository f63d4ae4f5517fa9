//! The end-to-end tests of the binary, and the tests of the house itself. One binary; the tidy test sees that no file is forgotten.

mod commands;
mod crash;
mod demo_tools;
mod manual;
mod process;
mod tidy;
