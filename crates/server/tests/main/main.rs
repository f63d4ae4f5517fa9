//! Tests of the whole crate.
#![allow(clippy::unwrap_used)]

mod attesting;
mod captures;
mod desk;
mod desk_api;
mod desk_appeal;
mod desk_attacks;
mod desk_background;
mod desk_buying;
mod desk_house;
mod desk_keys;
mod desk_life;
mod desk_live;
mod desk_mark;
mod desk_order;
mod desk_phone;
mod desk_practice;
mod desk_quick;
mod desk_replay;
mod desk_search;
mod desk_talk;
mod desk_uploads;
mod desk_write;
mod doors;
mod extension;
mod house;
mod outside;
mod recordings;
mod reminding;
mod station;
mod support;
mod watching;
