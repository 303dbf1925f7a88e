//! Requests that Vitrine itself sends out: to identity providers, and to web servers that prove a domain.
//!
//! Administrators of tenants name the addresses, so each request is bounded: in time, in size, without redirects, and
//! to addresses that the operator allows. The address that was checked is the one that is connected to, so a name that
//! resolves anew in between gains nothing.

use std::fmt::Display;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{ACCEPT_ENCODING, CONNECTION, HOST, USER_AGENT};
use axum::http::{HeaderValue, Request, Response, Uri};
use bytes::Bytes;
use domain::identity::Reach;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long a whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long one address may take to accept the connection.
const CONNECT: Duration = Duration::from_secs(3);

/// Largest answer that is read, in bytes.
const LARGEST: usize = 256 << 10;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutgoingError {
    #[error("{0} is no address that can be asked")]
    Address(String),
    #[error("{0} is not asked without HTTPS")]
    Plain(String),
    #[error("{0} is at an address that identity.provider_reach does not allow")]
    Forbidden(String),
    #[error("{0} can't be reached: {1}")]
    Unreachable(String, io::Error),
    #[error("{0} answered with a redirect, which is not followed")]
    Redirect(String),
    #[error("{0} took longer than 10 seconds")]
    Slow(String),
    #[error("{0} did not speak HTTP as it should: {1}")]
    Protocol(String, String),
}

/// Sends requests out. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Outgoing {
    tls: TlsConnector,
    reach: Reach,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

impl Outgoing {
    /// Trusts the authorities that this host trusts.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub(crate) fn new(reach: Reach) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        let native = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(native.certs);
        if roots.is_empty() {
            tracing::warn!(
                "this host trusts no certification authority: identity providers can't be asked over HTTPS"
            );
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(config)),
            reach,
        })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// [`OutgoingError`]; an answer of any status but a redirect is none.
    pub(crate) async fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, OutgoingError> {
        let place = request.uri().host().unwrap_or_default().to_owned();
        match tokio::time::timeout(PATIENCE, self.exchange(request, &place)).await {
            Ok(answer) => answer,
            Err(_) => Err(OutgoingError::Slow(place)),
        }
    }

    async fn exchange(
        &self,
        request: Request<Vec<u8>>,
        place: &str,
    ) -> Result<Response<Vec<u8>>, OutgoingError> {
        let (host, port, is_secure) = target(request.uri())?;
        if !is_secure && self.reach != Reach::Loopback {
            return Err(OutgoingError::Plain(place.to_owned()));
        }
        let unreachable = |error| OutgoingError::Unreachable(place.to_owned(), error);
        let found = tokio::net::lookup_host((host.as_str(), port))
            .await
            .map_err(unreachable)?;
        let allowed: Vec<SocketAddr> = found
            .filter(|address| self.allows(address.ip(), is_secure))
            .collect();
        if allowed.is_empty() {
            return Err(OutgoingError::Forbidden(place.to_owned()));
        }
        let stream = connect(&allowed).await.map_err(unreachable)?;
        if is_secure {
            let name =
                ServerName::try_from(host).map_err(|_| OutgoingError::Address(place.to_owned()))?;
            let stream = self.tls.connect(name, stream).await.map_err(unreachable)?;
            speak(stream, request, place).await
        } else {
            speak(stream, request, place).await
        }
    }

    fn allows(&self, ip: IpAddr, is_secure: bool) -> bool {
        match needs(ip) {
            Some(Reach::Loopback) => self.reach == Reach::Loopback,
            Some(needed) => is_secure && self.reach >= needed,
            None => false,
        }
    }
}

/// Host without brackets, port, and whether HTTPS is spoken.
fn target(uri: &Uri) -> Result<(String, u16, bool), OutgoingError> {
    let refused = || OutgoingError::Address(uri.host().unwrap_or_default().to_owned());
    let is_secure = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(refused()),
    };
    let host = uri.host().ok_or_else(refused)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    Ok((host.to_owned(), port, is_secure))
}

async fn connect(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses {
        match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::Error::from(io::ErrorKind::TimedOut),
        }
    }
    Err(last)
}

async fn speak<S>(
    stream: S,
    request: Request<Vec<u8>>,
    place: &str,
) -> Result<Response<Vec<u8>>, OutgoingError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    fn protocol<E: Display>(place: &str) -> impl Fn(E) -> OutgoingError + '_ {
        move |error| OutgoingError::Protocol(place.to_owned(), error.to_string())
    }
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(protocol(place))?;
    // It ends with the sender, which this function drops.
    tokio::spawn(connection);
    let answer = sender
        .send_request(in_origin_form(request).map_err(protocol(place))?)
        .await
        .map_err(protocol(place))?;
    if answer.status().is_redirection() {
        return Err(OutgoingError::Redirect(place.to_owned()));
    }
    let (parts, body) = answer.into_parts();
    let body = Limited::new(body, LARGEST)
        .collect()
        .await
        .map_err(|error| OutgoingError::Protocol(place.to_owned(), error.to_string()))?;
    Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
}

/// The request as HTTP/1.1 sends it to the server itself: path in the first line, host in a header.
fn in_origin_form(request: Request<Vec<u8>>) -> Result<Request<Full<Bytes>>, axum::http::Error> {
    let (mut parts, body) = request.into_parts();
    let authority = parts.uri.authority().map(ToString::to_string);
    let host = HeaderValue::from_str(&authority.unwrap_or_default())?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    parts.uri = path.parse()?;
    parts.version = axum::http::Version::HTTP_11;
    parts.headers.insert(HOST, host);
    parts
        .headers
        .insert(USER_AGENT, HeaderValue::from_static("Vitrine"));
    parts
        .headers
        .insert(CONNECTION, HeaderValue::from_static("close"));
    parts.headers.remove(ACCEPT_ENCODING);
    Ok(Request::from_parts(parts, Full::new(Bytes::from(body))))
}

/// The reach without which an address is not asked; none for those that never are.
fn needs(ip: IpAddr) -> Option<Reach> {
    match ip.to_canonical() {
        IpAddr::V4(ip) => needs_v4(ip),
        IpAddr::V6(ip) if ip.is_loopback() => Some(Reach::Loopback),
        IpAddr::V6(ip) => {
            let parts = ip.segments();
            let embedded = |high: u16, low: u16| {
                needs_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
            };
            match parts {
                // Unique local addresses.
                [0xfc00..=0xfdff, ..] => Some(Reach::Private),
                // NAT64 and 6to4 lead to the IPv4 address in them.
                [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
                    embedded(high, low)
                }
                [0x2000..=0x3fff, ..] => Some(Reach::Public),
                _ => None,
            }
        }
    }
}

fn needs_v4(ip: Ipv4Addr) -> Option<Reach> {
    match ip.octets() {
        [127, ..] => Some(Reach::Loopback),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => {
            Some(Reach::Private)
        }
        // This network, link-local (where clouds keep their secrets), protocol assignments, benchmarks, multicast
        // and reserved.
        [0, ..] | [169, 254, ..] | [192, 0, 0, _] | [198, 18..=19, ..] | [224..=255, ..] => None,
        _ => Some(Reach::Public),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn addresses_need_the_reach_of_their_network_and_some_are_never_asked() {
        let of = |text: &str| needs(text.parse().expect("an address"));
        for public in [
            "93.184.216.34",
            "2606:2800:220::1",
            "172.15.0.1",
            "172.32.0.1",
        ] {
            assert_eq!(of(public), Some(Reach::Public), "{public}");
        }
        for private in [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.9.9",
            "192.168.1.1",
            "100.64.0.1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
        ] {
            assert_eq!(of(private), Some(Reach::Private), "{private}");
        }
        for own in [
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
        ] {
            assert_eq!(of(own), Some(Reach::Loopback), "{own}");
        }
        for never in [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
        ] {
            assert_eq!(of(never), None, "{never}");
        }
    }

    #[test]
    fn private_networks_are_asked_only_when_allowed_and_never_in_the_clear() {
        let with = |reach| Outgoing::new(reach).expect("TLS");
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert!(!with(Reach::Public).allows(ip("10.0.0.1"), true));
        assert!(with(Reach::Private).allows(ip("10.0.0.1"), true));
        assert!(!with(Reach::Private).allows(ip("127.0.0.1"), true));
        assert!(with(Reach::Loopback).allows(ip("127.0.0.1"), false));
        assert!(!with(Reach::Loopback).allows(ip("93.184.216.34"), false));
    }

    /// A server for one connection that answers whatever it is asked.
    async fn answering(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut asked = vec![0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(&answer).await;
        });
        format!("http://{address}/x")
    }

    async fn ask(reach: Reach, address: &str) -> Result<Response<Vec<u8>>, OutgoingError> {
        let request = Request::get(address).body(Vec::new()).expect("a request");
        Outgoing::new(reach).expect("TLS").send(request).await
    }

    #[tokio::test]
    async fn an_answer_is_read_a_redirect_and_a_flood_are_not() {
        let good = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi".to_vec()).await;
        assert_eq!(
            ask(Reach::Loopback, &good).await.expect("an answer").body(),
            b"hi"
        );
        let moved = answering(
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
                .to_vec(),
        )
        .await;
        assert!(matches!(
            ask(Reach::Loopback, &moved).await,
            Err(OutgoingError::Redirect(_))
        ));
        let mut flood = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n".to_vec();
        flood.resize(1_000_100, b'x');
        let flood = answering(flood).await;
        assert!(matches!(
            ask(Reach::Loopback, &flood).await,
            Err(OutgoingError::Protocol(..))
        ));
    }

    #[tokio::test]
    async fn this_host_is_not_asked_unless_the_operator_allows_it() {
        for reach in [Reach::Public, Reach::Private] {
            assert!(matches!(
                ask(reach, "http://127.0.0.1:1/").await,
                Err(OutgoingError::Plain(_))
            ));
            for address in [
                "https://127.0.0.1:1/",
                "https://[::1]:1/",
                "https://localhost:1/",
                "https://169.254.169.254/",
            ] {
                assert!(
                    matches!(ask(reach, address).await, Err(OutgoingError::Forbidden(_))),
                    "{address}"
                );
            }
        }
    }
}
