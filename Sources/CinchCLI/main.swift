print("cinch")
