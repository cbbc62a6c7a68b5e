//! Can a text be the name of a container's image?

pub(super) fn is_image_key(key: &str) -> bool {
    let last = key.len().checked_sub("image".len()).and_then(|start| key.get(start..));
    last.is_some_and(|last| last.eq_ignore_ascii_case("image"))
        || matches!(key, "newName" | "imageName" | "image_name" | "imageUri")
}

/// Whether it can be a container's image, and not a picture.
pub(super) fn is_image(text: &str) -> bool {
    let picture = |ending: &str| {
        text.len() > ending.len()
            && text
                .get(text.len() - ending.len()..)
                .is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    let pictures = [".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".ico", ".avif"];
    !text.is_empty()
        && !text.starts_with(['/', '.'])
        && !text.contains("://")
        && !text.contains(' ')
        && !pictures.into_iter().any(picture)
}
