fn main() -> std::process::ExitCode {
    dienhong::cli::main()
}
