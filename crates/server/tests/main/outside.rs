//! Outsiders are asked over the net, each in all the ways it can fail; and the product is a witness itself.

mod beacons;
mod calendars;
mod net;
mod publish;
mod services;
mod stamps;
mod witness;
