repositories { maven("https://repo.example") }
dependencies {
    implementation("com.github.auties00:cobalt:0.0.9@jar")
}
