//! A browser as far as signing in needs one: it keeps cookies and says whose page it comes from.

use std::cell::RefCell;
use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request};
use url::Url;

use crate::portal::{Answer, Server};

/// The portal's address in tests.
pub(crate) const BASE: &str = "https://localhost:8443";

/// A browser with a jar of cookies.
pub(crate) struct Browser<'a> {
    server: &'a Server,
    peer: &'static str,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        Self::at(server, "192.0.2.7:40000")
    }

    pub(crate) fn at(server: &'a Server, peer: &'static str) -> Self {
        Self {
            server,
            peer,
            cookies: RefCell::default(),
        }
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.send(Method::GET, address, None).await
    }

    pub(crate) async fn post(&self, address: &str, form: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.send(Method::POST, address, Some(form)).await
    }

    async fn send(&self, method: Method, address: &str, form: Option<String>) -> Answer {
        let path = address.strip_prefix(BASE).unwrap_or(address);
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost:8443")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin");
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if form.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let request = request
            .body(form.map_or_else(Body::empty, Body::from))
            .expect("a request");
        let answer = self.server.send_from(self.peer, request).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let text = cookie.to_str().expect("text");
            let (name, value) = text
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='))
                .expect("a cookie");
            if text.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies
                    .borrow_mut()
                    .insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Begins a sign-in; answers the issuer's form's address.
    pub(crate) async fn begin(&self, query: &str) -> String {
        let answer = self.get(&format!("/signin{query}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.header("location").to_owned()
    }

    /// Fills in the issuer's form; answers the callback's address.
    pub(crate) async fn fill_in(&self, form: &str, user_name: &str, password: &str) -> String {
        let answer = self
            .post(form, &[("user_name", user_name), ("password", password)])
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.header("location").to_owned()
    }

    /// Signs in to the organisation of this domain, where several live.
    pub(crate) async fn sign_in_at(&self, domain: &str, user_name: &str, password: &str) {
        let form = self
            .begin(&format!("?login_hint=somebody%40{domain}"))
            .await;
        let callback = self.fill_in(&form, user_name, password).await;
        let answer = self.get(&callback).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Signs in and answers where that led.
    pub(crate) async fn sign_in(&self, user_name: &str, password: &str) -> String {
        let form = self.begin("").await;
        let callback = self.fill_in(&form, user_name, password).await;
        let answer = self.get(&callback).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.header("location").to_owned()
    }
}

/// A parameter of an address's query.
pub(crate) fn param(address: &str, name: &str) -> String {
    let url = Url::parse(address).expect("an address");
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// The address with another value, or none, of a parameter.
pub(crate) fn with_param(address: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(address).expect("an address");
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(pairs)
        .extend_pairs(value.map(|value| (name, value)));
    url.to_string()
}
