//! The portal's primitives: native HTML first, looks in `style/components`, every one usable without script.
//!
//! Modules without a feature gate may also be used inside islands; the others are rendered on the server alone.

pub mod badge;
pub mod button;
pub mod callout;
pub mod choice;
pub mod enhance;
pub mod field;
pub mod form;
pub mod icon;
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub mod judge;
pub mod live;
pub mod live_field;
pub mod progress;
pub mod select;
pub mod text;
pub mod textarea;

#[cfg(feature = "ssr")]
pub mod bytes;
#[cfg(feature = "ssr")]
pub mod card;
#[cfg(feature = "ssr")]
pub mod copy;
#[cfg(feature = "ssr")]
pub mod dialog;
#[cfg(feature = "ssr")]
pub mod empty;
#[cfg(feature = "ssr")]
pub mod facts;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod menu;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod pager;
#[cfg(feature = "ssr")]
pub mod query;
#[cfg(feature = "ssr")]
pub mod search;
#[cfg(feature = "ssr")]
pub mod skeleton;
#[cfg(feature = "ssr")]
pub mod slot;
#[cfg(feature = "ssr")]
pub mod steps;
#[cfg(feature = "ssr")]
pub mod table;
#[cfg(feature = "ssr")]
pub mod tabs;
#[cfg(feature = "ssr")]
pub mod time;
#[cfg(feature = "ssr")]
pub mod toast;

pub use badge::{Badge, StateDot, Tone};
pub use button::{Button, Kind, LinkButton, SubmitButton};
pub use callout::Callout;
pub use choice::{Checkbox, RadioCard, RadioCards, Switch};
pub use field::{Field, FileInput, TextInput};
pub use form::{FormErrors, FormState, Hidden, PostForm};
pub use icon::{Glyph, Icon};
#[cfg(feature = "ssr")]
pub use live::Live;
pub use live_field::LiveInput;
pub use progress::{Meter, Progress};
pub use select::{Choice, Select};
pub use text::MaybeText;
pub use textarea::TextArea;

pub use leptos::server_fn::ServerFn;

#[cfg(feature = "ssr")]
pub use {
    bytes::Bytes,
    card::{Card, Stat, Stats, Tile},
    copy::CopyText,
    dialog::{ConfirmForm, Dialog, DialogButton},
    empty::EmptyState,
    facts::{Fact, Facts},
    frame::{Frame, Place, Visitor},
    menu::{Menu, MenuItem, MenuSubmit},
    page::{Crumb, Page, Section},
    pager::Pager,
    query::Query,
    search::SearchBox,
    skeleton::Skeleton,
    steps::{Step, StepState, Steps},
    table::{Cell, Column, Table, Toolbar},
    tabs::{Tab, Tabs},
    time::{RequestTime, Time},
    toast::{Flash, Toasts},
};
