//! The description of the API, OpenAPI 3.1, made from the handlers and the types they take and give.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Response as Described, ResponseBuilder,
    SecurityRequirement, ServerBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use super::call::Reads;
use crate::answers::shapes::VariantWord;
use crate::problem::ProblemDetails;

const ABOUT: &str = "Everything the pages of the desk do, for programs on the same machine. Ask with \
    `Authorization: Bearer TOKEN`; tokens are made with `sigu api-token add` or on the page `/vault/access`. \
    A token to read may do all that is `GET`, and look words over; a token to write may do the rest. Times are \
    RFC 3339, amounts are whole numbers in 分. Problems are told as in RFC 9457, in the language of \
    `Accept-Language` (zh, en). Card secrets are masked in every answer; content that is one is given only to a \
    token to write that asks with `secret=show`.";

/// The description as it is served and printed.
pub fn openapi() -> OpenApi {
    let (_, mut all) = super::operations().split_for_parts();
    all.info = InfoBuilder::new()
        .title("sigu")
        .description(Some(ABOUT))
        .version("1")
        .license(Some(
            LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build(),
        ))
        .build();
    all.servers = Some(vec![
        ServerBuilder::new()
            .url(super::BASE)
            .description(Some("The desk, at the port it was opened with; the host must be 127.0.0.1."))
            .build(),
    ]);
    let components = all.components.get_or_insert_default();
    components.schemas.insert(ProblemDetails::name().into_owned(), ProblemDetails::schema());
    // Named by a parameter only, where the library does not look.
    components.schemas.insert(VariantWord::name().into_owned(), VariantWord::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token, to read or to write."))
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::with_description(
        "sigu-PORT",
        "The cookie of a browser that was let in, named with the desk's port: it may look, and no more.",
    );
    components.add_security_scheme("browser", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    for (path, item) in &mut all.paths.paths {
        let each = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in each.into_iter().filter_map(|(method, own)| Some((method, own.as_mut()?)))
        {
            let none: [&str; 0] = [];
            let mut who = vec![SecurityRequirement::new("token", none)];
            if method == "get" {
                who.push(SecurityRequirement::new("browser", none));
            }
            operation.security = Some(who);
            operation.operation_id = Some(id(method, path));
            // OpenAPI 3.1 wants a word on each answer; what it holds says its schema.
            for answer in operation.responses.responses.values_mut() {
                if let RefOr::T(answer) = answer
                    && answer.description.is_empty()
                {
                    answer.description = "It is done.".to_owned();
                }
            }
            operation.responses.responses.insert("default".to_owned(), RefOr::T(problem()));
        }
    }
    all
}

/// The name of an operation, which no other has: `get_orders_order` for `GET /orders/{order}`.
fn id(method: &str, path: &str) -> String {
    let parts = path.split('/').map(|part| part.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    let parts = parts.filter(|part| !part.is_empty());
    std::iter::once(method.to_owned()).chain(parts).collect::<Vec<_>>().join("_")
}

/// What every operation may answer instead.
fn problem() -> Described {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemDetails::name()))).build();
    ResponseBuilder::new()
        .description("Why it was not done: 4xx a refusal, 500 damage, 503 a fault or a vault in use.")
        .content("application/problem+json", content)
        .build()
}

/// The description.
pub(super) async fn document(_: Reads) -> Response {
    match openapi().to_pretty_json() {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
