//! One small set of line icons, drawn on a 24 by 24 grid.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    Activity,
    Admin,
    Alert,
    Arrow,
    Auto,
    Check,
    Chevron,
    Clock,
    Close,
    Console,
    Copy,
    Danger,
    Disk,
    Download,
    Edit,
    Export,
    Gallery,
    Home,
    Image,
    Info,
    Key,
    Lab,
    Link,
    Lock,
    Machine,
    Menu,
    Moon,
    More,
    Plan,
    Play,
    Plus,
    Refresh,
    Region,
    Search,
    SignOut,
    Stop,
    Sun,
    Tag,
    Trash,
    Upload,
    User,
    Users,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Activity => "M3 12h4l3-8 4 16 3-8h4",
            Self::Admin => {
                "M4 7h9m5 0h2M4 17h3m5 0h8M15.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"
            }
            Self::Alert => {
                "M12 9v4m0 3.5h.01M10.3 4 2.6 17.4A2 2 0 0 0 4.3 20.4h15.4a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0Z"
            }
            Self::Arrow => "M12 19V5m-6 6 6-6 6 6",
            Self::Auto => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 0v18m0-13.5 6-2.2M12 12l8.8-1.4M12 16.5l7-1.2"
            }
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Chevron => "m6 9.5 6 6 6-6",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.2 2",
            Self::Close => "m6.5 6.5 11 11m0-11-11 11",
            Self::Console => {
                "M5 4.5h14a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.5Zm2.5 5 2.5 2.5-2.5 2.5m5 .5h4"
            }
            Self::Copy => {
                "M9.5 9.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1Zm-4 5h-1a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v1"
            }
            Self::Danger => {
                "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3L8.3 3ZM12 8v4.5m0 3.5h.01"
            }
            Self::Disk => {
                "M4 14.5 6.2 6a2 2 0 0 1 1.9-1.5h7.8A2 2 0 0 1 17.8 6l2.2 8.5m-16 0v3.5A1.5 1.5 0 0 0 5.5 19.5h13A1.5 1.5 0 0 0 20 18v-3.5m-16 0h16M16.5 17h.01"
            }
            Self::Download => "M12 4v11m-5-5 5 5 5-5M4 20h16",
            Self::Edit => {
                "m4 20 1-4.5L16.5 4a1.8 1.8 0 0 1 2.6 0l.9.9a1.8 1.8 0 0 1 0 2.6L8.5 19 4 20ZM14.5 6l3.5 3.5"
            }
            Self::Export => {
                "M12 15V4m-4.5 4L12 3.5 16.5 8M5 12v6.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V12"
            }
            Self::Gallery => {
                "M4.5 3.5h15a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-12a1 1 0 0 1 1-1ZM7 7h10v7H7V7Zm1 13.5h8"
            }
            Self::Home => {
                "M4 11 12 4.5l8 6.5v7.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5V11Zm5.5 9v-6h5v6"
            }
            Self::Image => {
                "m12 3.5 8.5 4.5L12 12.5 3.5 8 12 3.5ZM3.5 12l8.5 4.5 8.5-4.5m-17 4 8.5 4.5 8.5-4.5"
            }
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5.5m0-9h.01",
            Self::Key => {
                "M14.5 14a5 5 0 1 0-4.7-3.3L3.5 17v3.5H7V18h2.5v-2.5l1.7-1.7a5 5 0 0 0 3.3.2ZM16 8.5h.01"
            }
            Self::Lab => {
                "M9.5 3.5h5m-4 0v6L5 18.3A1.5 1.5 0 0 0 6.3 20.5h11.4a1.5 1.5 0 0 0 1.3-2.2L13.5 9.5v-6M7.5 15h9"
            }
            Self::Link => {
                "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 1 0 13 5.3l-1 1m2 3.7a4 4 0 0 0-5.7 0l-3 3A4 4 0 1 0 11 18.7l1-1"
            }
            Self::Lock => {
                "M6.5 10.5h11a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7.5a1 1 0 0 1 1-1Zm2 0V8a3.5 3.5 0 0 1 7 0v2.5"
            }
            Self::Machine => {
                "M4.5 4.5h15a1 1 0 0 1 1 1V15a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1ZM12 16v4m-4 0h8"
            }
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
            Self::More => {
                "M4.5 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0Zm6.5 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0Zm6.5 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0Z"
            }
            Self::Plan => {
                "M9 4.5H6.5A1.5 1.5 0 0 0 5 6v13a1.5 1.5 0 0 0 1.5 1.5h11A1.5 1.5 0 0 0 19 19V6a1.5 1.5 0 0 0-1.5-1.5H15M9 3.5h6v3H9v-3ZM8.5 11.5h7m-7 4h5"
            }
            Self::Play => "M7.5 5v14l11-7-11-7Z",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Refresh => "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9m0-5v5h-5",
            Self::Region => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-9-9h18M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3Z"
            }
            Self::Search => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.5 4.5",
            Self::SignOut => {
                "M10 4H6a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 6 20h4m5-4 4-4-4-4m4 4H9.5"
            }
            Self::Stop => {
                "M7.5 6.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1Z"
            }
            Self::Sun => {
                "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-13v2m0 14v2M5.6 5.6 7 7m10 10 1.4 1.4M3 12h2m14 0h2M5.6 18.4 7 17M17 7l1.4-1.4"
            }
            Self::Tag => {
                "M3.5 4.5v6.6a2 2 0 0 0 .6 1.4l7.5 7.5a2 2 0 0 0 2.8 0l5.6-5.6a2 2 0 0 0 0-2.8l-7.5-7.5a2 2 0 0 0-1.4-.6H4.5a1 1 0 0 0-1 1ZM8 8h.01"
            }
            Self::Trash => {
                "M4.5 6.5h15M10 10.5v6m4-6v6M6.5 6.5l.8 12.6a1.5 1.5 0 0 0 1.5 1.4h6.4a1.5 1.5 0 0 0 1.5-1.4l.8-12.6M9 6.5V4a.5.5 0 0 1 .5-.5h5a.5.5 0 0 1 .5.5v2.5"
            }
            Self::Upload => "M12 16V5m-5 5 5-5 5 5M4 20h16",
            Self::User => {
                "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5c.5-3.6 3.6-6 7.5-6s7 2.4 7.5 6"
            }
            Self::Users => {
                "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 8c.4-3.2 3.1-5.3 6.5-5.3s6.1 2.1 6.5 5.3M15.5 4.8a3.5 3.5 0 0 1 0 6.5m2 3.3c2.3.6 3.8 2.4 4 4.9"
            }
        }
    }
}

/// An icon; always beside a text or inside a labelled control, so readers of the page by ear skip it.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
    .into_any()
}
