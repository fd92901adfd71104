import { Controller, Get, Inject } from "@nestjs/common";
import { type Note, NotesService } from "./notes.service.ts";

@Controller("notes")
export class NotesController {
  @Inject(NotesService)
  private readonly notes!: NotesService;

  @Get()
  all(): readonly Note[] {
    return this.notes.all();
  }
}
